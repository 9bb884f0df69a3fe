// Time what one phone waits for in a meeting that has cards already, with the official Socket.IO client.
// node bench/missed.mjs <address> <code> <times>; prints one JSON line of medians in milliseconds.
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const [address, code, times] = [process.argv[2], process.argv[3], Number(process.argv[4] ?? 20)];

async function get(path, options = {}) {
  const answer = await fetch(address + path, options);
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  return answer.json();
}

const join = () =>
  get("/api/join", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });

function connect(token) {
  return new Promise((resolve, reject) => {
    const socket = io(address, { auth: { token, html: true }, transports: ["websocket"], forceNew: true });
    socket.on("connect", () => resolve(socket));
    socket.on("connect_error", reject);
  });
}

async function asked(socket, event, payload) {
  const answer = await socket.timeout(10_000).emitWithAck(event, payload);
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

/** Return the median duration of *times* calls. */
async function median(act) {
  const taken = [];
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    await act();
    taken.push(performance.now() - start);
  }
  return Number(taken.sort((a, b) => a - b)[times >> 1].toFixed(2));
}

const [reader, writer] = await Promise.all([join(), join()]);
const [reading, writing] = await Promise.all([connect(reader.token), connect(writer.token)]);
let arrived = () => {};
reading.on("changes", ({ cards }) => arrived(cards));

async function oneChange() {
  const here = new Promise((resolve) => {
    arrived = resolve;
  });
  await asked(writing, "card:add", { uuid: randomUUID(), text: `Ett kort till, ${randomUUID()}` });
  await here;
}

for (let card = 0; card < 10; card++) await oneChange();
const found = { change_ms: await median(oneChange) };
const { seq } = await asked(reading, "sync", { since: 2 ** 40 });
found.sync_ms = await median(async () => {
  const missed = await asked(reading, "sync", { since: seq - 10 });
  if (missed.cards.length !== 10) throw new Error(`${missed.cards.length} cards were missed`);
});
found.join_ms = await median(join);

// The snapshot for a new phone, a thousand cards at a time; and the time for its first page.
const headers = { Authorization: `Bearer ${reader.token}` };
const cards = `/api/meetings/${reader.meeting.id}/cards`;
found.snapshot_page_ms = await median(() => get(cards, { headers }));
found.snapshot_pages = 0;
const start = performance.now();
for (let more = true, since; more; ) {
  const page = await get(since ? `${cards}?since=${since}` : cards, { headers });
  since = page.cards.at(-1)?.seq;
  more = page.more;
  found.snapshot_pages += 1;
}
found.snapshot_whole_ms = Number((performance.now() - start).toFixed(2));
reading.close();
writing.close();
console.log(JSON.stringify(found));
