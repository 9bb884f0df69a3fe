// One column of the wall: the newest cards on top, as many as have been fetched. What a change costs does not grow
// with the column: a new card goes first, and one that is older than all that is drawn is left for its page.
import { arrives, copyOf, parseCard } from "./dom.js";

export class Column {
  #items = new Map();

  /**
   * @param {Element} element  with a [data-part=count], a [data-part=cards] and perhaps a [data-part=more]
   * @param {object} options
   * @param {string} options.template  the <template> with the frame of one card
   * @param {number} options.most  live cards never make the column longer than this
   * @param {(column: Column) => boolean} [options.mayTrim]  may its end be let go of right now?
   */
  constructor(element, { template, most, mayTrim = () => true }) {
    this.element = element;
    this.template = template;
    this.most = most;
    this.mayTrim = mayTrim;
    this.list = element.querySelector("[data-part=cards]");
    this.more = element.querySelector("[data-part=more]");
    for (const item of this.list.children) this.#items.set(idOf(item), item);
    this.older = this.more ? !this.more.hidden : this.count > this.#items.size;
  }

  get count() {
    return Number(this.element.dataset.count);
  }

  set count(n) {
    this.element.dataset.count = n;
    this.element.querySelector("[data-part=count]").textContent = n;
  }

  get size() {
    return this.#items.size;
  }

  /** The id of the oldest card drawn; 0 when there is none. */
  get last() {
    return this.list.lastElementChild ? idOf(this.list.lastElementChild) : 0;
  }

  /** Are there cards on the server that are older than those drawn? */
  set older(older) {
    this.hasOlder = older;
    if (this.more) this.more.hidden = !older;
  }

  /** Draw a card where it stands, or at its place by age. *item* is its element when it comes from another column. */
  put(card, item) {
    const known = this.#items.get(card.id);
    if (!known && this.hasOlder && card.id < this.last) return;
    const element = known ?? item ?? copyOf(this.template);
    const { id, seq, state, area } = card;
    Object.assign(element.dataset, { id, seq, state, area: area ?? "" });
    if (card.html) element.querySelector("[data-card]").replaceWith(parseCard(card.html));
    if (known) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    this.list.insertBefore(element, this.#after(id));
    focused?.focus({ preventScroll: true });
    this.#items.set(id, element);
    if (!item) arrives(element);
    this.#trim();
  }

  /** Let go of a card; answers its element, which another column may take. */
  take(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    item?.remove();
    return item;
  }

  /** Put a page of older cards below those that are drawn; answers the first that is new. */
  append(items) {
    const fresh = items.filter((item) => !this.#items.has(idOf(item)));
    for (const item of fresh) this.#items.set(idOf(item), item);
    this.list.append(...fresh);
    return fresh[0];
  }

  #after(id) {
    for (const item of this.list.children) if (idOf(item) < id) return item;
    return null;
  }

  #trim() {
    if (this.size <= this.most || !this.mayTrim(this)) return;
    while (this.size > this.most && !this.list.lastElementChild.contains(document.activeElement)) {
      this.take(this.last);
      this.older = true;
    }
  }
}

const idOf = (item) => Number(item.dataset.id);
