// The one connection of a page: position, changes, gaps, and who may not come in.
// Cards are handed on as they come; whether one is news is the store's business.
import { io } from "../../vendor/socket.io.js";

const ACK_WAIT = 8000;
/** A network that swallows websockets answers nothing at all; then polling goes first. In ms. */
const CONNECT_WAIT = 8000;
/** The server says where it is every five seconds; after so long without a word we ask. In ms. */
const QUIET = 15_000;
const NO_CONTACT = { ok: false, error: { code: "no_contact" } };

/**
 * @param {object} options
 * @param {object | (() => object)} options.auth  what the server is shown: {meeting} or {display}; asked each time
 * @param {number} options.seq  the number of the last change the page already holds
 * @param {string} options.epoch  which life of the database that number belongs to
 * @param {import("./clock.js").ServerClock} [options.clock]  told what time the server says it is
 * @param {(cards: object[]) => void} options.onCards
 * @param {() => void} options.onEpoch  a backup was restored: take a fresh page
 * @param {(link: "on"|"off"|"refused", code?: string) => void} options.onLink
 * @param {Record<string, (payload: object) => void>} [options.on]  whatever else the server tells, by event
 */
export function connect({
  auth,
  seq,
  epoch,
  clock,
  onCards,
  onEpoch,
  onLink,
  onStage,
  onPlace,
  onPresence,
  on = {},
}) {
  const socket = io({
    auth: (show) => show({ ...(typeof auth === "function" ? auth() : auth), html: true }),
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    timeout: CONNECT_WAIT,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.7,
  });
  let position = seq;
  let syncing = false;
  let quiet = 0;

  /** Send an event; answers the acknowledgement, or a refusal with the code no_contact. */
  async function ask(event, payload) {
    if (!socket.connected || navigator.onLine === false) return NO_CONTACT;
    try {
      return await socket.timeout(ACK_WAIT).emitWithAck(event, payload);
    } catch {
      return NO_CONTACT;
    }
  }

  /** Answers whether the server did. */
  async function sync() {
    if (syncing) return true;
    syncing = true;
    try {
      for (let more = true; more; ) {
        const answer = await ask("sync", { since: position });
        if (!answer.ok) return answer.error.code !== "no_contact";
        if (answer.epoch && epoch && answer.epoch !== epoch) {
          onEpoch();
          return true;
        }
        onCards(answer.cards);
        more = Boolean(answer.more && answer.cards.length);
        position = Math.max(position, more ? answer.cards.at(-1).seq : answer.seq);
      }
      return true;
    } finally {
      syncing = false;
    }
  }

  socket.on("changes", ({ from, to, cards }) => {
    onCards(cards);
    if (from <= position + 1) position = Math.max(position, to);
    else sync();
  });
  socket.on("head", (head) => {
    if (head.now) clock?.hear(head.now);
    clearTimeout(quiet);
    quiet = setTimeout(wake, QUIET);
    if (epoch && head.epoch !== epoch) onEpoch();
    else if (head.seq > position) sync();
    epoch ||= head.epoch;
  });
  socket.on("stage", (stage) => onStage?.(stage));
  socket.on("place", (place) => onPlace?.(place));
  for (const [event, hear] of Object.entries(on)) socket.on(event, hear);
  socket.on("presence", (presence) => onPresence?.(presence));
  socket.on("connect", () => onLink("on"));
  socket.on("disconnect", (reason) => {
    onLink("off");
    // Closed by the server on purpose: asking once more tells why.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000 + Math.random() * 1000);
  });
  socket.on("connect_error", (error) => {
    const code = error.data?.code;
    if (code === "unauthorized" || code === "not_found" || code === "closed") {
      onLink("refused", code);
      return;
    }
    onLink("off");
    if (error.message === "timeout") socket.io.opts.transports = ["polling", "websocket"];
    // A refusal by the server is not tried again by the library; anything else is.
    if (!socket.active) {
      const wait = (error.data?.retry_after ?? 3) * 1000;
      setTimeout(() => socket.connect(), wait * (1 + Math.random()));
    }
  });

  /** The device woke, or it has been quiet for long: catch up, and leave a connection that is one in name alone. */
  async function wake() {
    if (socket.connected && !(await sync()) && socket.connected) socket.io.engine?.close();
  }

  return { ask, wake, again: () => socket.connect(), close: () => socket.close() };
}
