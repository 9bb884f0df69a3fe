// Unsent entries: cards, chat messages, an observer's notes. Each stays on the device until the server acknowledges it or
// the person takes it back. They are sent one by one in the order they were written; the uuid makes a repeat harmless.
// Several tabs share the storage: one sends, and notifies the others.
import { createStore, delMany, entries, get, set } from "../../vendor/idb-keyval.js";

const FIRST_WAIT = 1500;
const MAX_WAIT = 15_000;
/** A tab that sleeps while it sends must not hold up the others for longer, in ms. */
const MAX_TURN = 20_000;
/** Answers that sending the same entry again would not change. */
const REFUSALS = ["invalid", "conflict", "closed", "unauthorized", "not_found", "too_large"];

/** A database that does not answer within this many ms must not keep an entry from being sent. */
const STORAGE_TIMEOUT = 1500;

const withTimeout = (work) =>
  Promise.race([work, new Promise((_, fail) => setTimeout(fail, STORAGE_TIMEOUT, new Error("no answer")))]);

/** Run *work* while no other tab runs the same; without locks, or after a long wait, run it in any case. */
async function runAlone(name, work) {
  if (!navigator.locks) return work();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), MAX_TURN);
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
   * @param {string | number} name  the meeting for cards, `chat <meeting>` for messages
   * @param {object} options
   * @param {(entry: object) => Promise<object>} options.send  resolves to an acknowledgement or a refusal
   * @param {(entry: object, state: "shown"|"waiting"|"refused"|"dropped", answer?: object) => void} options.onState
   *   `waiting` carries `{because}`: waiting (no contact), slow (too fast) or stage (not open now); `refused` the error
   * @param {(entry: object) => void} [options.onNew]  an entry was written in another tab
   * @param {(fails: boolean) => void} [options.onTrouble]  whether the device can store nothing
   * @param {(storage: UnsentStorage) => Promise<object[]>} [options.migrate]  moves entries of an earlier version into the
   *   storage, and resolves to those that could not be stored
   */
  constructor(
    name,
    {
      send,
      onState,
      onNew = () => {},
      onTrouble = () => {},
      migrate = async () => [],
      storage = new UnsentStorage(name, onTrouble),
    },
  ) {
    this.name = `dialog outbox ${name}`;
    this.send = send;
    this.onState = onState;
    this.onNew = onNew;
    this.migrate = migrate;
    this.storage = storage;
    this.otherTabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(this.name) : null;
    this.otherTabs?.addEventListener("message", ({ data }) => this.#receive(data));
  }

  get size() {
    return this.#waiting.size;
  }

  /** Would an entry be lost if the page went away now? */
  get hasUnstored() {
    return [...this.#waiting.keys()].some((uuid) => this.#unstored.has(uuid));
  }

  /**
   * Read what an earlier visit left, oldest first.
   * @param {number} drawn  the number up to which the page shows what the server has; such entries are forgotten
   * @returns {Promise<{waiting: object[], saved: object[]}>}  *saved*: on the server, but not on this page yet
   */
  async load(drawn) {
    const unstored = await this.migrate(this.storage);
    const stored = await this.storage.all();
    for (const { uuid } of stored) this.#stored.add(uuid);
    for (const { uuid } of unstored) this.#unstored.add(uuid);
    const kept = [...stored, ...unstored].sort((a, b) => a.at - b.at);
    const waiting = kept.filter((entry) => !entry.done);
    const written = [...this.#waiting.values()];
    // What was written while the database was opening comes after what an earlier visit left.
    this.#waiting = new Map([...waiting, ...written].map((entry) => [entry.uuid, entry]));
    this.#last = Math.max(this.#last, ...waiting.map((entry) => entry.at));
    const done = kept.filter((entry) => entry.done);
    const isDrawn = (entry) => entry.done.seq <= drawn;
    this.forget(done.filter(isDrawn).map(({ uuid }) => uuid));
    return { waiting, saved: done.filter((entry) => !isDrawn(entry)) };
  }

  /** Keep an entry that was just written, and send it. */
  async add(written) {
    // The clock may be turned back, and two entries may come within one of its ticks: the order must stand.
    this.#last = Math.max(Date.now(), this.#last + 1);
    const entry = { ...written, at: this.#last };
    this.#waiting.set(entry.uuid, entry);
    if (await this.storage.put(entry)) {
      this.#stored.add(entry.uuid);
      this.otherTabs?.postMessage({ added: entry });
    } else this.#unstored.add(entry.uuid);
    this.flush();
  }

  /** Remove an entry whose text the person has taken back. */
  async takeBack(uuid) {
    this.#waiting.delete(uuid);
    await this.storage.remove(uuid);
    this.otherTabs?.postMessage({ dropped: uuid });
  }

  /** Remove saved entries from the device: the page itself shows them now, or they were withdrawn. */
  forget(uuids) {
    return uuids.length ? this.storage.remove(...uuids) : undefined;
  }

  async flush() {
    clearTimeout(this.#timer);
    this.#wanted = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        if (this.#waiting.size) await runAlone(this.name, () => this.#sendAll());
      }
    } finally {
      this.#running = false;
    }
  }

  async #sendAll() {
    for (const entry of [...this.#waiting.values()]) {
      if (entry.refused || (await this.#isSentElsewhere(entry))) continue;
      const early = this.#notBefore - Date.now();
      const because =
        early > 0 ? this.#flushLater(early, "slow") : await this.#handleAnswer(entry, await this.send(entry));
      if (!because) continue;
      this.otherTabs?.postMessage({ because });
      this.#showWaiting(because);
      return;
    }
  }

  #showWaiting(because) {
    for (const entry of this.#waiting.values())
      if (!entry.refused) this.onState(entry, "waiting", { because });
  }

  /** Has another tab sent the entry, or has the person taken it back there? */
  async #isSentElsewhere(entry) {
    if (!this.#waiting.has(entry.uuid)) return true;
    if (!this.otherTabs || !this.#stored.has(entry.uuid)) return false;
    const now = await this.storage.get(entry.uuid);
    if (now === null || (now && !now.done)) return false;
    this.#markSaved(entry, now?.done ?? {});
    return true;
  }

  #markSaved(entry, answer) {
    this.#waiting.delete(entry.uuid);
    this.onState(entry, "shown", answer);
  }

  #receive({ added, because, done, dropped, uuid }) {
    if (because) this.#showWaiting(because);
    if (added && !this.#waiting.has(added.uuid)) {
      this.#waiting.set(added.uuid, added);
      this.#stored.add(added.uuid);
      this.#last = Math.max(this.#last, added.at);
      this.onNew(added);
    }
    const entry = this.#waiting.get(uuid ?? dropped);
    if (!entry) return;
    if (done) this.#markSaved(entry, done);
    else if (dropped) {
      this.#waiting.delete(dropped);
      this.onState(entry, "dropped");
    }
  }

  /** Act on the answer to one entry. Returns why sending must stop, or null. */
  async #handleAnswer(entry, answer) {
    if (answer.ok) {
      this.#wait = FIRST_WAIT;
      const done = { id: answer.id, seq: answer.seq };
      this.#markSaved(entry, answer);
      // It stays on the device until a page shows it: a page opened from the cache does not.
      if (this.#stored.has(entry.uuid)) await this.storage.put({ ...entry, done });
      this.otherTabs?.postMessage({ done, uuid: entry.uuid });
      return null;
    }
    const { code, retry_after: seconds = 2 } = answer.error;
    if (code === "too_fast") {
      this.#notBefore = Date.now() + seconds * 1000;
      return this.#flushLater(seconds * 1000, "slow");
    }
    // The stage takes nothing now. It may again, and a page without a socket is not told when.
    if (code === "forbidden") return this.#flushLater(MAX_WAIT, "stage");
    if (REFUSALS.includes(code)) {
      // It stays until the person changes it or takes it back.
      entry.refused = true;
      this.onState(entry, "refused", answer.error);
      return null;
    }
    this.#flushLater(this.#wait * (1 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, MAX_WAIT);
    return "waiting";
  }

  #flushLater(milliseconds, because) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), milliseconds);
    return because;
  }
}

/**
 * The browser's database, one record an entry, by outbox and uuid. A browser without one, or without room in it, reports
 * trouble; entries then live as long as the page.
 */
export class UnsentStorage {
  #store = null;

  /**
   * @param {string | number} name  of the outbox
   * @param {(fails: boolean) => void} onTrouble  whether the device can store nothing
   */
  constructor(name, onTrouble) {
    this.prefix = `${name}:`;
    this.onTrouble = onTrouble;
  }

  /** Return all entries of this outbox. */
  async all() {
    const kept = await this.#try(() => entries(this.#open()), []);
    return kept.filter(([key]) => String(key).startsWith(this.prefix)).map(([, entry]) => entry);
  }

  /** Store an entry. Resolves to whether it is stored now. */
  put(entry) {
    return this.#try(async () => {
      await set(this.prefix + entry.uuid, entry, this.#open());
      this.onTrouble(false);
      return true;
    }, false);
  }

  /** Return the entry, undefined if it is gone, or null if the database does not answer. */
  get(uuid) {
    return this.#try(() => get(this.prefix + uuid, this.#open()), null);
  }

  remove(...uuids) {
    const keys = uuids.map((uuid) => this.prefix + uuid);
    return this.#try(() => delMany(keys, this.#open()), undefined);
  }

  #open() {
    this.#store ??= createStore("dialog-unsent", "cards");
    return this.#store;
  }

  async #try(work, otherwise) {
    try {
      return await withTimeout(work());
    } catch {
      this.onTrouble(true);
      return otherwise;
    }
  }
}
