// The device's storage for unsent entries: the browser's database, one record an entry, by outbox and uuid. A browser
// without a database, or without room in it, reports trouble; entries then live as long as the page.
import { createStore, delMany, entries, get, set } from "../../vendor/idb-keyval.js";

/** A database that does not answer within this many ms must not keep an entry from being sent. */
const TIMEOUT = 1500;

const withTimeout = (work) =>
  Promise.race([work, new Promise((_, fail) => setTimeout(fail, TIMEOUT, new Error("no answer")))]);

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

/**
 * Move entries from localStorage, where earlier versions kept unsent chat messages as a list under *key*, into *storage*.
 * The list is removed only when every entry is stored, so that nothing is lost on the way; the uuid makes a second move
 * harmless.
 * @returns {Promise<object[]>}  entries that could not be stored
 */
export async function moveFromLocalStorage(key, storage) {
  const left = readList(key);
  // They are older than anything that this version writes, and keep their order.
  const first = Date.now() - left.length;
  const dated = left.map((entry, index) => ({ ...entry, at: first + index }));
  const stored = await Promise.all(dated.map((entry) => storage.put(entry)));
  if (left.length && stored.every(Boolean)) localStorage.removeItem(key);
  return dated.filter((_, index) => !stored[index]);
}

function readList(key) {
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return []; // There is no such storage, or nothing in it that can be read.
  }
}
