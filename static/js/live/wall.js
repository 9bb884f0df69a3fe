// The wall: one column for each area, with how many cards it holds. A card is counted in one column only. The counts are
// the server's at a certain number, plus the steps that came after it.
import { Column } from "./column.js";

/** The least time between two requests for the counts, in ms. */
const COUNT_PAUSE = 1000;

export class Wall {
  #columns = new Map();
  #columnOf = new Map();
  #newest = 0;
  #countedAt = 0;
  #steps = [];
  #request = 0;

  /**
   * @param {Element} root  holds a [data-column] for each area
   * @param {object} options  the options of a column, and
   * @param {string} options.counts  the address of the counts
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
    const before = this.#columnOf.get(card.id);
    const item =
      before !== undefined && before !== key ? this.#columns.get(before)?.take(card.id) : undefined;
    this.#columns.get(key)?.put(card, item);
    this.#count(card, before, key);
  }

  /** Remove a card from the wall, if it is there. */
  remove(card) {
    const before = this.#columnOf.get(card.id);
    this.#columns.get(before)?.take(card.id);
    this.#count(card, before, null);
  }

  /** Add a page of older cards, which the server has counted already, to a column. Returns the first new one. */
  append(column, items) {
    for (const item of items) this.#remember(Number(item.dataset.id), column.element.dataset.column);
    return column.append(items);
  }

  /** Count a card that moved between two columns, given by their keys; null is off the wall. */
  #count({ id, seq }, before, after) {
    // Only the server knows in which column an old card was that this page never drew. A new card was in none.
    const unknown = before === undefined && id <= this.#newest;
    this.#remember(id, after);
    if (unknown) this.#fetchCountsSoon();
    if (unknown || before === after) return;
    this.#step({ seq, key: before, by: -1 });
    this.#step({ seq, key: after, by: 1 });
  }

  #remember(id, key) {
    this.#columnOf.set(id, key);
    this.#newest = Math.max(this.#newest, id);
  }

  #step(step) {
    const column = this.#columns.get(step.key);
    if (!column || step.seq <= this.#countedAt) return;
    this.#steps.push(step);
    column.count = Math.max(0, column.count + step.by);
  }

  #fetchCountsSoon() {
    this.#request ||= setTimeout(() => this.#fetchCounts(), COUNT_PAUSE * (1 + Math.random()));
  }

  async #fetchCounts() {
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
      // The next change of an old card tries again.
    } finally {
      this.#request = 0;
    }
  }
}
