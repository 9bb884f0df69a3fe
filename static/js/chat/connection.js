// The chat's own line to the server: position, gaps, and asking. Cards are none of its business.
import { io } from "../../vendor/socket.io.js";

const ACK_WAIT = 8000;
const NO_CONTACT = { ok: false, error: { code: "no_contact" } };

/**
 * @param {object} options
 * @param {object} options.auth  who asks, as for every page
 * @param {number} options.seq  the number of the last change of the chat that the page holds
 * @param {string} options.epoch  which life of the database that number belongs to
 * @param {(messages: object[]) => void} options.onMessages
 */
export function connect({ auth, seq, epoch, onMessages, onEpoch, onStage, onLink }) {
  const socket = io({
    auth,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.7,
  });
  let position = seq;
  let syncing = false;

  /** Send an event; answers the acknowledgement, or a refusal with the code no_contact. */
  async function ask(event, payload) {
    if (!socket.connected) return NO_CONTACT;
    try {
      return await socket.timeout(ACK_WAIT).emitWithAck(event, payload);
    } catch {
      return NO_CONTACT;
    }
  }

  async function sync() {
    if (syncing) return;
    syncing = true;
    try {
      for (let more = true; more; ) {
        const answer = await ask("chat:sync", { since: position });
        if (!answer.ok) return;
        onMessages(answer.messages);
        more = Boolean(answer.more && answer.messages.length);
        position = Math.max(position, more ? answer.messages.at(-1).seq : answer.seq);
      }
    } finally {
      syncing = false;
    }
  }

  socket.on("chat", ({ from, to, messages }) => {
    onMessages(messages);
    if (from <= position + 1) position = Math.max(position, to);
    else sync();
  });
  socket.on("head", (head) => {
    if (epoch && head.epoch !== epoch) onEpoch();
    else if (head.chat > position) sync();
  });
  socket.on("stage", (stage) => onStage?.(stage));
  socket.on("connect", () => onLink?.("on"));
  socket.on("disconnect", (reason) => {
    onLink?.("off");
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000 + Math.random() * 1000);
  });
  socket.on("connect_error", (error) => {
    const code = error.data?.code;
    if (code === "unauthorized" || code === "not_found" || code === "closed") {
      onLink?.("refused", code);
      return;
    }
    onLink?.("off");
    if (!socket.active) {
      const wait = (error.data?.retry_after ?? 3) * 1000;
      setTimeout(() => socket.connect(), wait * (1 + Math.random()));
    }
  });
  return { ask };
}
