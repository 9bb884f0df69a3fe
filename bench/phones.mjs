// Run phones with the official Socket.IO client: join, connect, write one card each, and count received cards.
// node bench/phones.mjs <address> <code> <phones>; prints one JSON line when every phone has every card.
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const [address, code, count] = [process.argv[2], process.argv[3], Number(process.argv[4] ?? 100)];

async function join() {
  const answer = await fetch(`${address}/api/join`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });
  if (answer.status !== 201) {
    throw new Error(`joining was answered with ${answer.status}`);
  }
  return answer.json();
}

function connect(token, seen) {
  return new Promise((resolve, reject) => {
    const socket = io(address, { auth: { token }, transports: ["websocket"], forceNew: true });
    socket.on("changes", ({ cards }) => {
      for (const card of cards) {
        seen(card.id);
      }
    });
    socket.on("connect", () => resolve(socket));
    socket.on("connect_error", reject);
  });
}

const missing = Array.from({ length: count }, () => count);
let done;
const all = new Promise((resolve) => {
  done = resolve;
});
const joined = [];
for (let start = 0; start < count; start += 50) {
  joined.push(...(await Promise.all(Array.from({ length: Math.min(50, count - start) }, join))));
}
const phones = await Promise.all(
  joined.map(({ token }, number) =>
    connect(token, () => {
      missing[number] -= 1;
      if (missing.every((left) => left <= 0)) {
        done();
      }
    }),
  ),
);
const began = performance.now();
const times = await Promise.all(
  phones.map(async (phone, number) => {
    const sent = performance.now();
    const reply = await phone.emitWithAck("card:add", { uuid: randomUUID(), text: `Kort nummer ${number}` });
    if (!reply.ok) {
      throw new Error(JSON.stringify(reply));
    }
    return performance.now() - sent;
  }),
);
await all;
times.sort((one, other) => one - other);
const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
console.log(
  JSON.stringify({
    phones: count,
    all_cards_everywhere_ms: Math.round(performance.now() - began),
    ack_median_ms: at(0.5),
    ack_p95_ms: at(0.95),
  }),
);
// The phones stay connected until the server's memory has been measured.
process.stdin.on("data", () => process.exit(0));
