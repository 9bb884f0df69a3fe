// Where cards lie on the device: the browser's database, one entry a card, by meeting and uuid. A browser that has
// none, or no room, says so; the cards then live as long as the page.
import { createStore, delMany, entries, get, set } from "../../vendor/idb-keyval.js";

/** A database that does not answer must not keep a card from being sent. In ms. */
const PATIENCE = 1500;

const within = (work) =>
  Promise.race([work, new Promise((_, fail) => setTimeout(fail, PATIENCE, new Error("no answer")))]);

export class UnsentStorage {
  #store = null;

  /** @param {(fails: boolean) => void} onTrouble  can nothing be kept on this device? */
  constructor(meeting, onTrouble) {
    this.prefix = `${meeting}:`;
    this.onTrouble = onTrouble;
  }

  /** Everything of this meeting. */
  async all() {
    const kept = await this.#try(() => entries(this.#open()), []);
    return kept.filter(([key]) => String(key).startsWith(this.prefix)).map(([, entry]) => entry);
  }

  /** Answers whether it lies there now. */
  put(entry) {
    return this.#try(async () => {
      await set(this.prefix + entry.uuid, entry, this.#open());
      this.onTrouble(false);
      return true;
    }, false);
  }

  /** The entry, undefined if it is gone, or null if nobody can say. */
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
      return await within(work());
    } catch {
      this.onTrouble(true);
      return otherwise;
    }
  }
}
