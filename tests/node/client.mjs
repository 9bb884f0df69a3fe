// The official Socket.IO client, controlled by a test: one JSON command a line on stdin, one JSON answer a line on stdout.
// Commands carry a number `n`; answers carry it back. What the server sends by itself is reported as it comes.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const sockets = new Map();

function tell(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function binaryAware(_key, value) {
  return value && value.$bytes !== undefined ? Buffer.from(value.$bytes, "base64") : value;
}

const commands = {
  // Open a connection called `name`. Answers when it stands or is refused.
  connect({ n, name, url, auth, headers, transports, options }) {
    const socket = io(url, {
      auth: auth ?? {},
      extraHeaders: headers ?? {},
      transports: transports ?? ["websocket"],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    sockets.set(name, socket);
    let answered = false;
    const answer = (message) => {
      if (!answered) {
        answered = true;
        tell({ n, ...message });
      }
    };
    socket.on("connect", () => {
      tell({ name, event: "$connect", data: [] });
      answer({ ok: true, id: socket.id });
    });
    socket.on("connect_error", (error) => {
      tell({ name, event: "$connect_error", data: [error.data ?? null] });
      answer({ ok: false, message: error.message, data: error.data ?? null });
    });
    socket.on("disconnect", (reason) => tell({ name, event: "$disconnect", data: [reason] }));
    socket.onAny((event, ...data) => tell({ name, event, data }));
  },

  // Send an event; answers with the acknowledgement, or says that none came in time.
  emit({ n, name, event, data, timeout }) {
    sockets
      .get(name)
      .timeout(timeout)
      .emit(event, ...data, (error, reply) => tell(error ? { n, timeout: true } : { n, reply }));
  },

  // Send an event without asking for an acknowledgement.
  send({ n, name, event, data }) {
    sockets.get(name).emit(event, ...data);
    tell({ n });
  },

  // Break the connection below Socket.IO, as a lost network does. Answers when the client has noticed: it closes
  // when what was under way has gone out.
  cut({ n, name }) {
    const socket = sockets.get(name);
    if (socket.connected) socket.once("disconnect", () => tell({ n }));
    else tell({ n });
    socket.io.engine.close();
  },

  // Answers when the connection stands again, or when the server refuses it. A client that comes back by itself is
  // only waited for: `connect` called while its manager is about to reconnect cancels the manager's timer and
  // leaves it waiting for ever.
  reconnect({ n, name }) {
    const socket = sockets.get(name);
    if (socket.connected) {
      tell({ n, ok: true, id: socket.id });
      return;
    }
    const connected = () => {
      socket.off("connect_error", refused);
      tell({ n, ok: true, id: socket.id });
    };
    const refused = (error) => {
      if (socket.active && socket.io.reconnection()) return; // no network yet: the client tries again by itself
      socket.off("connect", connected);
      socket.off("connect_error", refused);
      tell({ n, ok: false, message: error.message, data: error.data ?? null });
    };
    socket.once("connect", connected);
    socket.on("connect_error", refused);
    if (!socket.io.reconnection()) socket.connect();
  },

  disconnect({ n, name }) {
    sockets.get(name)?.disconnect();
    tell({ n });
  },
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const command = JSON.parse(line, binaryAware);
    commands[command.do](command);
  })
  .on("close", () => process.exit(0));

tell({ ready: true });
