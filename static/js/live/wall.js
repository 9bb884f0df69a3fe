// The wall: one list for each area, with how many cards it holds. A card is counted in one place only.
import { CardList } from "./cardlist.js";
import { freshPage } from "./http.js";

export class Wall {
  #columns = new Map();
  #where = new Map();
  #newest = 0;
  #recount = 0;

  /** *root* holds [data-column] with a [data-part=count] and a [data-part=cards] each. */
  constructor(root, options) {
    this.root = root;
    for (const column of root.querySelectorAll("[data-column]")) {
      const list = new CardList(column.querySelector("[data-part=cards]"), options);
      this.#columns.set(column.dataset.column, { column, list });
      for (const item of list.items()) this.#remember(Number(item.dataset.id), column.dataset.column);
    }
  }

  columns() {
    return [...this.#columns.values()];
  }

  item(id) {
    return this.#columns.get(this.#where.get(id))?.list.get(id);
  }

  /** Show a card that belongs on the wall. */
  put(card) {
    const key = String(card.area ?? "");
    const target = this.#columns.get(key);
    const before = this.#where.get(card.id);
    if (before !== undefined && before !== key) {
      const item = this.#columns.get(before).list.take(card.id);
      this.#count(before, -1);
      target?.list.put(card, item);
    } else target?.list.put(card);
    if (before !== key) this.#count(key, 1);
    if (before === undefined) this.#unknown(card.id);
    this.#remember(card.id, key);
  }

  /** Take a card off the wall, if it is there. */
  remove(id) {
    const before = this.#where.get(id);
    if (before === undefined) {
      this.#unknown(id);
      return;
    }
    this.#where.delete(id);
    this.#columns.get(before).list.take(id);
    this.#count(before, -1);
  }

  #remember(id, key) {
    this.#where.set(id, key);
    this.#newest = Math.max(this.#newest, id);
  }

  #count(key, step) {
    const column = this.#columns.get(key)?.column;
    if (!column) return;
    const number = Math.max(0, Number(column.dataset.count) + step);
    column.dataset.count = number;
    column.querySelector("[data-part=count]").textContent = number;
  }

  /** An old card that this page never drew has changed: only the server knows what the counts are now. */
  #unknown(id) {
    if (id > this.#newest) return;
    clearTimeout(this.#recount);
    this.#recount = setTimeout(() => this.#askCounts(), 1000 + Math.random() * 1000);
  }

  async #askCounts() {
    try {
      const page = await freshPage();
      for (const [key, { column }] of this.#columns) {
        const fresh = page.querySelector(`[data-column="${key}"]`);
        if (!fresh) continue;
        column.dataset.count = fresh.dataset.count;
        column.querySelector("[data-part=count]").textContent = fresh.dataset.count;
      }
    } catch {
      // The next change of an old card asks again.
    }
  }
}
