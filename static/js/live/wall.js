// The wall: one list for each area, with how many cards it holds. A card is counted in one place only.
// The counts are those of the server at a certain number, and what changed after it.
import { CardList } from "./cardlist.js";
import { freshPage } from "./http.js";

export class Wall {
  #columns = new Map();
  #where = new Map();
  #newest = 0;
  #countedAt = 0;
  #steps = [];
  #recount = 0;

  /** *root* holds [data-column] with a [data-part=count] and a [data-part=cards] each. */
  constructor(root, options) {
    this.root = root;
    this.#countedAt = seqOf(root.closest("[data-epoch]"));
    for (const column of root.querySelectorAll("[data-column]")) {
      const list = new CardList(column.querySelector("[data-part=cards]"), options);
      this.#columns.set(column.dataset.column, { column, list });
      for (const item of list.items()) this.#remember(Number(item.dataset.id), column.dataset.column);
    }
  }

  columns() {
    return [...this.#columns.values()];
  }

  /** Show a card that belongs on the wall. */
  put(card) {
    const key = String(card.area ?? "");
    const target = this.#columns.get(key);
    const before = this.#place(card.id);
    if (before !== null && before !== key) {
      const item = this.#columns.get(before)?.list.take(card.id);
      target?.list.put(card, item);
    } else target?.list.put(card);
    this.#moved(card, before, key);
  }

  /** Take a card off the wall, if it is there. */
  remove(card) {
    const before = this.#place(card.id);
    if (before !== null) this.#columns.get(before)?.list.take(card.id);
    this.#moved(card, before, null);
  }

  /** The column a card is in, or null. An old card that was never drawn may be in any. */
  #place(id) {
    if (this.#where.has(id)) return this.#where.get(id);
    if (id <= this.#newest) this.#askSoon();
    return null;
  }

  #moved({ id, seq }, before, after) {
    this.#remember(id, after);
    if (before === after) return;
    if (before !== null) this.#step({ seq, key: before, by: -1 });
    if (after !== null) this.#step({ seq, key: after, by: 1 });
  }

  #remember(id, key) {
    this.#where.set(id, key);
    this.#newest = Math.max(this.#newest, id);
  }

  #step(step) {
    if (step.seq <= this.#countedAt) return;
    this.#steps.push(step);
    const column = this.#columns.get(step.key)?.column;
    if (column) tell(column, Math.max(0, Number(column.dataset.count) + step.by));
  }

  #askSoon() {
    clearTimeout(this.#recount);
    this.#recount = setTimeout(() => this.#ask(), 1000 + Math.random() * 1000);
  }

  /** Only the server knows where a card was that this page never drew: take its counts, and what came after them. */
  async #ask() {
    try {
      const page = await freshPage();
      this.#countedAt = seqOf(page.querySelector("[data-epoch]"));
      for (const [key, { column }] of this.#columns) {
        const fresh = page.querySelector(`[data-column="${key}"]`);
        if (fresh) tell(column, fresh.dataset.count);
      }
      const since = this.#steps.filter((step) => step.seq > this.#countedAt);
      this.#steps = [];
      for (const step of since) this.#step(step);
    } catch {
      // The next change of an old card asks again.
    }
  }
}

const seqOf = (element) => Number(element.dataset.seq);

function tell(column, count) {
  column.dataset.count = count;
  column.querySelector("[data-part=count]").textContent = count;
}
