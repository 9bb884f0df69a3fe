// The connection of a page to the server: it carries numbered streams, fills gaps, and tries again until it stands.
import { io } from "../../vendor/socket.io.js";

/** All times are in ms. */
const ACK_TIMEOUT = 8000;
/** A network that swallows websockets never answers; then polling is tried first. */
const CONNECT_TIMEOUT = 8000;
/** The server sends its position every 5 s. After this long without one, the client asks. */
const QUIET_LIMIT = 15_000;
const RENEWAL_PAUSE = 10_000;
/** Refusals that trying again does not change. */
const FINAL_REFUSALS = ["unauthorized", "not_found", "closed"];

export const NO_CONTACT = Object.freeze({ ok: false, error: Object.freeze({ code: "no_contact" }) });

/** The stream of cards; *position* is the number of the last change that the page holds. */
export const cardStream = (position, onItems) => ({
  event: "changes",
  syncEvent: "sync",
  field: "cards",
  headField: "seq",
  position,
  onItems,
});

/** The stream of chat messages. */
export const chatStream = (position, onItems) => ({
  event: "chat",
  syncEvent: "chat:sync",
  field: "messages",
  headField: "chat",
  position,
  onItems,
});

/** Items up to `position` are known; a gap is filled by asking for what is newer. */
class Stream {
  #syncing = false;

  constructor({ event, syncEvent, field, headField, position, onItems }, { ask, isSameEpoch }) {
    Object.assign(this, { event, syncEvent, field, headField, position, onItems, ask, isSameEpoch });
  }

  receive({ from, to, [this.field]: items }) {
    this.onItems(items);
    if (from <= this.position + 1) this.position = Math.max(this.position, to);
    else this.sync();
  }

  compareHead(head) {
    if (head[this.headField] > this.position) this.sync();
  }

  /** Ask for everything newer than the position. Returns whether the server answered. */
  async sync() {
    if (this.#syncing) return true;
    this.#syncing = true;
    try {
      for (let more = true; more; ) {
        const answer = await this.ask(this.syncEvent, { since: this.position });
        if (!answer.ok) return answer.error.code !== "no_contact";
        if (!this.isSameEpoch(answer.epoch)) return true;
        const items = answer[this.field];
        this.onItems(items);
        more = Boolean(answer.more && items.length);
        this.position = Math.max(this.position, more ? items.at(-1).seq : answer.seq);
      }
      return true;
    } finally {
      this.#syncing = false;
    }
  }
}

/**
 * Connect a page to the server.
 *
 * @param {object} options
 * @param {() => object} options.auth  what identifies the page: `{meeting}` or `{display}`; called for each attempt
 * @param {Ticket} [options.ticket]  sent along, and renewed when it has expired
 * @param {string} options.epoch  the life of the database that the streams' positions belong to
 * @param {() => void} options.onEpoch  a backup was restored: the page must be loaded anew
 * @param {(link: "on"|"off"|"refused", code?: string) => void} options.onLink  the code says why it was refused
 * @param {ServerClock} [options.clock]  set by the server's time
 * @param {Record<string, (payload: object) => void>} [options.on]  handlers of other events, by name
 */
export function connect({
  auth,
  ticket,
  epoch,
  streams: definitions,
  onEpoch,
  onLink,
  clock,
  on = {},
  open = io,
}) {
  const drawsCards = definitions.some(({ event }) => event === "changes");
  const socket = open({
    auth: (send) =>
      send({ ...auth(), ...(ticket && { ticket: ticket.value }), ...(drawsCards && { html: true }) }),
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    timeout: CONNECT_TIMEOUT,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.7,
  });
  let quietTimer = 0;

  /** Send an event. Resolves to the acknowledgement, or to a refusal with the code `no_contact`. */
  async function ask(event, payload) {
    if (!socket.connected || navigator.onLine === false) return NO_CONTACT;
    try {
      return await socket.timeout(ACK_TIMEOUT).emitWithAck(event, payload);
    } catch {
      return NO_CONTACT;
    }
  }

  /** Send an event, or its HTTP twin while the socket has no contact or the server refuses it there as closed. */
  async function request(event, payload, { method, url, body = payload }) {
    const answer = await ask(event, payload);
    const isUndelivered = !answer.ok && ["no_contact", "closed"].includes(answer.error.code);
    return isUndelivered && ticket ? ticket.send(method, url, body) : answer;
  }

  function isSameEpoch(other) {
    epoch ||= other;
    if (!other || other === epoch) return true;
    onEpoch();
    return false;
  }

  /** Ask for what is newer. A connection on which the server does not answer is closed, so that a new one is opened. */
  async function wake() {
    if (!socket.connected) return;
    const answered = await Promise.all(streams.map((stream) => stream.sync()));
    if (answered.includes(false) && socket.connected) socket.io.engine?.close();
  }

  const reconnect = () => socket.connect();

  /** Renew an expired ticket and connect again; report the link as refused when that cannot help. */
  async function handleRefusal(code) {
    const outcome = ticket && code === "unauthorized" ? await ticket.renew() : code;
    if (outcome === "renewed") reconnect();
    else if (outcome === "later") {
      onLink("off");
      setTimeout(reconnect, RENEWAL_PAUSE * (1 + Math.random()));
    } else onLink("refused", outcome);
  }

  const streams = definitions.map((definition) => new Stream(definition, { ask, isSameEpoch }));
  for (const stream of streams) socket.on(stream.event, (message) => stream.receive(message));
  for (const [event, handler] of Object.entries(on)) socket.on(event, handler);
  socket.on("head", (head) => {
    if (head.now) clock?.set(head.now);
    clearTimeout(quietTimer);
    quietTimer = setTimeout(wake, QUIET_LIMIT);
    if (isSameEpoch(head.epoch)) for (const stream of streams) stream.compareHead(head);
  });
  socket.on("connect", () => onLink("on"));
  socket.on("disconnect", (reason) => {
    onLink("off");
    // The server closed it on purpose, so the library does not try again. The next refusal says why.
    if (reason === "io server disconnect") setTimeout(reconnect, 1000 + Math.random() * 1000);
  });
  socket.on("connect_error", (error) => {
    const code = error.data?.code;
    if (FINAL_REFUSALS.includes(code)) {
      handleRefusal(code);
      return;
    }
    onLink("off");
    if (error.message === "timeout") socket.io.opts.transports = ["polling", "websocket"];
    // The library tries again by itself, but not after a refusal by the server.
    if (!socket.active) {
      const wait = (error.data?.retry_after ?? 3) * 1000;
      setTimeout(reconnect, wait * (1 + Math.random()));
    }
  });

  return { ask, request, wake };
}
