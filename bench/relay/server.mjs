// The relay for comparison: the official Socket.IO server, which forwards cards and stores nothing.
// node bench/relay/server.mjs; prints its port, and exits when its standard input closes.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const HEARTBEAT_MS = 5000;
const ROOM = "meeting";
const epoch = "relay";
let seq = 0;
let people = 0;

function join(_request, response) {
  people += 1;
  const token = randomBytes(16).toString("base64url");
  const body = JSON.stringify({
    token,
    participant: { id: people, kind: "participant" },
    meeting: { id: 1, title: "Relay", stage: null, areas: [], kinds: [], seq, epoch },
  });
  response.writeHead(201, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

const http = createServer(join);
const io = new Server(http, { serveClient: false, pingInterval: 20_000, pingTimeout: 20_000 });

io.use((socket, next) => next(socket.handshake.auth.token ? undefined : new Error("unauthorized")));
io.on("connection", (socket) => {
  socket.join(ROOM);
  socket.emit("head", { seq, epoch });
  socket.on("card:add", ({ uuid, text }, acknowledge) => {
    seq += 1;
    const card = { id: seq, uuid, seq, state: "shown", text, area: null, kind: null, table: null };
    acknowledge({ ok: true, id: seq, seq });
    io.to(ROOM).emit("changes", {
      from: seq,
      to: seq,
      cards: [{ ...card, round: null, channel: "live", parent: null }],
    });
  });
});
setInterval(() => io.to(ROOM).emit("head", { seq, epoch }), HEARTBEAT_MS);
http.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => console.log(http.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
