// The wall: one column for each area, with how many cards it holds. A card is counted in one place only.
// The counts are those of the server at a certain number, and what changed after it.
import { Column } from "./column.js";

/** Between two questions for the counts, in milliseconds. */
const PATIENCE = 1000;

export class Wall {
  #columns = new Map();
  #where = new Map();
  #newest = 0;
  #countedAt = 0;
  #steps = [];
  #asking = 0;

  /**
   * @param {Element} root  holds a [data-column] for each area
   * @param {object} options  those of a column, and
   * @param {string} options.counts  the address that tells the counts
   */
  constructor(root, { counts, ...options }) {
    this.root = root;
    this.counts = counts;
    this.#countedAt = Number(root.closest("[data-epoch]").dataset.seq);
    for (const element of root.querySelectorAll("[data-column]")) {
      const column = new Column(element, options);
      this.#columns.set(element.dataset.column, column);
      for (const item of column.items()) {
        this.#remember(Number(item.dataset.id), element.dataset.column);
      }
    }
  }

  columns() {
    return [...this.#columns.values()];
  }

  /** Show a card that belongs on the wall. */
  put(card) {
    const key = String(card.area ?? "");
    const before = this.#where.get(card.id);
    const item =
      before !== undefined && before !== key ? this.#columns.get(before)?.take(card.id) : undefined;
    this.#columns.get(key)?.put(card, item);
    this.#moved(card, before, key);
  }

  /** Take a card off the wall, if it is there. */
  remove(card) {
    const before = this.#where.get(card.id);
    this.#columns.get(before)?.take(card.id);
    this.#moved(card, before, null);
  }

  /** Put a page of older cards, as the server counted them already, below a column; answers the first new one. */
  append(column, items) {
    for (const item of items) this.#remember(Number(item.dataset.id), column.element.dataset.column);
    return column.append(items);
  }

  /** From *before* to *after*: the key of a column, null for off the wall. */
  #moved({ id, seq }, before, after) {
    // Only the server knows where an old card was that this page never drew; a new one was nowhere.
    const unknown = before === undefined && id <= this.#newest;
    this.#remember(id, after);
    if (unknown) this.#askSoon();
    if (unknown || before === after) return;
    this.#step({ seq, key: before, by: -1 });
    this.#step({ seq, key: after, by: 1 });
  }

  #remember(id, key) {
    this.#where.set(id, key);
    this.#newest = Math.max(this.#newest, id);
  }

  #step(step) {
    const column = this.#columns.get(step.key);
    if (!column || step.seq <= this.#countedAt) return;
    this.#steps.push(step);
    column.count = Math.max(0, column.count + step.by);
  }

  #askSoon() {
    this.#asking ||= setTimeout(() => this.#ask(), PATIENCE * (1 + Math.random()));
  }

  async #ask() {
    try {
      const response = await fetch(this.counts);
      if (!response.ok) return;
      const { seq, counts } = await response.json();
      this.#countedAt = seq;
      for (const [key, column] of this.#columns) column.count = counts[key] ?? 0;
      const since = this.#steps.filter((step) => step.seq > seq);
      this.#steps = [];
      for (const step of since) this.#step(step);
    } catch {
      // The next change of an old card asks again.
    } finally {
      this.#asking = 0;
    }
  }
}
