// Cards that are not yet acknowledged. They lie in the browser's database until the server has them, and go out
// one by one in the order they were written; the uuid makes a repeat harmless.
import { createStore, del, entries, set } from "../../vendor/idb-keyval.js";

const FIRST_WAIT = 1500;
const LONGEST_WAIT = 15_000;

/**
 * @typedef {{uuid: string, text: string, area: string, kind: string, stands?: string}} Thought
 *   what was written, as the page's fields have it
 */

/** The card as the contract wants it. @param {Thought} thought */
export function payloadOf({ uuid, text, area, kind, stands }) {
  const payload = { uuid, text };
  if (area) payload.area = Number(area);
  if (kind) payload.kind = kind;
  if (Number(stands) > 1) payload.stands_for = Number(stands);
  return payload;
}

export class Outbox {
  #shelf = null;
  #waiting = new Map();
  #busy = false;
  #timer = 0;
  #wait = FIRST_WAIT;

  /**
   * @param {number} meeting
   * @param {(entry: object) => Promise<object>} send  answers an acknowledgement
   * @param {(entry: object, state: string, answer?: object) => void} onState
   */
  constructor(meeting, send, onState) {
    this.prefix = `${meeting}:`;
    this.send = send;
    this.onState = onState;
    try {
      this.#shelf = createStore("dialog-unsent", "cards");
    } catch {
      // A browser that allows no database: the cards live as long as the page.
    }
  }

  get size() {
    return this.#waiting.size;
  }

  /** What an earlier visit left, oldest first. */
  async load() {
    try {
      const kept = await entries(this.#shelf);
      const ours = kept.filter(([key]) => String(key).startsWith(this.prefix)).map(([, entry]) => entry);
      const known = new Map(ours.map((entry) => [entry.uuid, entry]));
      // What was written while the database was opening comes after what an earlier visit left.
      for (const [uuid, entry] of this.#waiting) known.set(uuid, entry);
      this.#waiting = new Map([...known].sort(([, a], [, b]) => a.at - b.at));
    } catch {
      // As above.
    }
    return [...this.#waiting.values()];
  }

  async add(entry) {
    this.#waiting.set(entry.uuid, entry);
    try {
      await set(this.prefix + entry.uuid, entry, this.#shelf);
    } catch {
      // As above.
    }
    this.flush();
  }

  async drop(uuid) {
    this.#waiting.delete(uuid);
    try {
      await del(this.prefix + uuid, this.#shelf);
    } catch {
      // As above.
    }
  }

  /** Send what waits, now. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (const entry of [...this.#waiting.values()]) {
        if (entry.refused) continue;
        const answer = await this.send(entry);
        const because = await this.#judge(entry, answer);
        if (because) {
          for (const each of this.#waiting.values())
            if (!each.refused) this.onState(each, "waiting", { because });
          break;
        }
      }
    } finally {
      this.#busy = false;
    }
    if ([...this.#waiting.values()].some((entry) => entry.fresh)) this.flush();
  }

  /** Puts the answer to one card in its place; answers why the round must stop, or nothing. */
  async #judge(entry, answer) {
    entry.fresh = false;
    if (answer.ok) {
      this.#wait = FIRST_WAIT;
      await this.drop(entry.uuid);
      this.onState(entry, "shown", answer);
      return null;
    }
    switch (answer.error.code) {
      case "too_fast":
        this.#later((answer.error.retry_after ?? 2) * 1000);
        return "slow";
      case "forbidden":
        // The stage takes no cards now; it may again.
        return "stage";
      case "invalid":
      case "conflict":
      case "closed":
      case "unauthorized":
      case "not_found":
      case "too_large":
        // Kept on the device all the same, until the person changes or leaves it.
        entry.refused = true;
        this.onState(entry, "refused", answer.error);
        return null;
      default:
        this.#later(this.#wait * (1 + Math.random() / 2));
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
        return "waiting";
    }
  }

  #later(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), milliseconds);
  }
}
