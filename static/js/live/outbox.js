// Cards that are not yet acknowledged. They lie on the device until the server has them, and go out one by one in
// the order they were written; the uuid makes a repeat harmless. Two tabs share what lies there: one sends, and tells.
import { UnsentStorage } from "./storage.js";

const FIRST_WAIT = 1500;
const LONGEST_WAIT = 15_000;
/** A tab that sleeps while it sends must not keep the others waiting for longer. In ms. */
const LONGEST_TURN = 20_000;

/** Run *work* while no other tab does the same; without such locks, or after long, all the same. */
async function alone(name, work) {
  if (!navigator.locks) return work();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LONGEST_TURN);
  let begun = false;
  try {
    return await navigator.locks.request(name, { signal: patience.signal }, () => {
      begun = true;
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

export class Outbox {
  #waiting = new Map();
  #stored = new Set();
  #unstored = new Set();
  #running = false;
  #wanted = false;
  #timer = 0;
  #wait = FIRST_WAIT;
  #notBefore = 0;
  #last = 0;

  /**
   * @param {number} meeting
   * @param {object} options
   * @param {(entry: object) => Promise<object>} options.send  answers an acknowledgement
   * @param {(entry: object, state: string, answer?: object) => void} options.onState
   * @param {(entry: object) => void} [options.onNew]  written in another tab
   * @param {(fails: boolean) => void} [options.onTrouble]  nothing can be kept on this device
   */
  constructor(meeting, { send, onState, onNew = () => {}, onTrouble = () => {} }) {
    this.name = `dialog outbox ${meeting}`;
    this.send = send;
    this.onState = onState;
    this.onNew = onNew;
    this.storage = new UnsentStorage(meeting, onTrouble);
    this.others = "BroadcastChannel" in self ? new BroadcastChannel(this.name) : null;
    this.others?.addEventListener("message", ({ data }) => this.#hear(data));
  }

  get size() {
    return this.#waiting.size;
  }

  /** Is there a card that would be lost if the page went away now? */
  get hasUnstored() {
    return [...this.#waiting.keys()].some((uuid) => this.#unstored.has(uuid));
  }

  /** What an earlier visit left, oldest first: what still waits, and what has been saved since the page was drawn. */
  async load() {
    const kept = (await this.storage.all()).sort((a, b) => a.at - b.at);
    for (const entry of kept) this.#stored.add(entry.uuid);
    const waiting = kept.filter((entry) => !entry.done);
    const written = [...this.#waiting.values()];
    // What was written while the database was opening comes after what an earlier visit left.
    this.#waiting = new Map([...waiting, ...written].map((entry) => [entry.uuid, entry]));
    this.#last = Math.max(this.#last, ...waiting.map((entry) => entry.at));
    return { waiting, saved: kept.filter((entry) => entry.done) };
  }

  /** A card that was just written. */
  async add(thought) {
    // The clock may be turned back, and two cards may come within one of its ticks: the order must stand.
    this.#last = Math.max(Date.now(), this.#last + 1);
    const entry = { ...thought, at: this.#last };
    this.#waiting.set(entry.uuid, entry);
    if (await this.storage.put(entry)) {
      this.#stored.add(entry.uuid);
      this.others?.postMessage({ added: entry });
    } else this.#unstored.add(entry.uuid);
    this.flush();
  }

  /** The person took the text back: it is no card any more. */
  async drop(uuid) {
    this.#waiting.delete(uuid);
    await this.storage.remove(uuid);
    this.others?.postMessage({ dropped: uuid });
  }

  /** The page itself shows these now, or nobody may. */
  forget(entries) {
    return this.storage.remove(...entries.map((entry) => entry.uuid));
  }

  /** Send what waits, now. */
  async flush() {
    clearTimeout(this.#timer);
    this.#wanted = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        if (this.#waiting.size) await alone(this.name, () => this.#round());
      }
    } finally {
      this.#running = false;
    }
  }

  async #round() {
    for (const entry of [...this.#waiting.values()]) {
      if (entry.refused || (await this.#sentElsewhere(entry))) continue;
      const early = this.#notBefore - Date.now();
      const because =
        early > 0 ? this.#later(early, "slow") : await this.#handleAnswer(entry, await this.send(entry));
      if (!because) continue;
      this.others?.postMessage({ because });
      this.#allWait(because);
      return;
    }
  }

  #allWait(because) {
    for (const entry of this.#waiting.values())
      if (!entry.refused) this.onState(entry, "waiting", { because });
  }

  /** Has another tab taken care of it meanwhile? */
  async #sentElsewhere(entry) {
    if (!this.#waiting.has(entry.uuid)) return true;
    if (!this.others || !this.#stored.has(entry.uuid)) return false;
    const now = await this.storage.get(entry.uuid);
    if (now === null || (now && !now.done)) return false;
    this.#saved(entry, now?.done ?? {});
    return true;
  }

  #saved(entry, answer) {
    this.#waiting.delete(entry.uuid);
    this.onState(entry, "shown", answer);
  }

  #hear({ added, because, done, dropped, uuid }) {
    if (because) this.#allWait(because);
    if (added && !this.#waiting.has(added.uuid)) {
      this.#waiting.set(added.uuid, added);
      this.#stored.add(added.uuid);
      this.#last = Math.max(this.#last, added.at);
      this.onNew(added);
    }
    const entry = this.#waiting.get(uuid ?? dropped);
    if (!entry) return;
    if (done) this.#saved(entry, done);
    else if (dropped) {
      this.#waiting.delete(dropped);
      this.onState(entry, "dropped");
    }
  }

  /** Puts the answer to one card in its place; answers why the round must stop, or nothing. */
  async #handleAnswer(entry, answer) {
    if (answer.ok) {
      this.#wait = FIRST_WAIT;
      const done = { id: answer.id, seq: answer.seq };
      this.#saved(entry, answer);
      // It stays on the device until a page shows it: the one that was put aside does not.
      if (this.#stored.has(entry.uuid)) await this.storage.put({ ...entry, done });
      this.others?.postMessage({ done, uuid: entry.uuid });
      return null;
    }
    switch (answer.error.code) {
      case "too_fast":
        this.#notBefore = Date.now() + (answer.error.retry_after ?? 2) * 1000;
        return this.#later(this.#notBefore - Date.now(), "slow");
      case "forbidden":
        // The stage takes no cards now; it may again, and who has no socket is not told when.
        return this.#later(LONGEST_WAIT, "stage");
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

  #later(milliseconds, because) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), milliseconds);
    return because;
  }
}
