// A list of cards in order of age. The work of drawing it grows with what changed, not with its length.
import { cloneTemplate, drawCard, highlightArrival } from "./drawing.js";

export class CardList {
  #items = new Map();

  /**
   * @param {Element} list
   * @param {object} options
   * @param {string} options.template  the <template> with the frame of one card
   * @param {number} [options.max]  more cards than these are not drawn
   * @param {boolean} [options.oldestFirst]  a queue, in which the card that has waited longest is next
   * @param {(item: Element, card: object) => void} [options.onDraw]
   */
  constructor(list, { template, max = Number.POSITIVE_INFINITY, oldestFirst = false, onDraw = () => {} }) {
    this.list = list;
    this.template = template;
    this.max = max;
    this.oldestFirst = oldestFirst;
    this.onDraw = onDraw;
    for (const item of list.children) this.#items.set(Number(item.dataset.id), item);
  }

  get size() {
    return this.#items.size;
  }

  get(id) {
    return this.#items.get(id);
  }

  items() {
    return [...this.list.children];
  }

  /** Draw a card where it is, or at its place by age. *item* is its element when it comes from another list. */
  put(card, item = this.#items.get(card.id)) {
    const known = this.#items.has(card.id);
    const element = item ?? cloneTemplate(this.template);
    const { id, seq, state, area } = card;
    Object.assign(element.dataset, { id, seq, state, area: area ?? "" });
    if (card.html) drawCard(element, card.html);
    if (!known) {
      const focused = element.contains(document.activeElement) ? document.activeElement : null;
      this.list.insertBefore(element, this.#after(card.id));
      focused?.focus({ preventScroll: true });
      this.#items.set(card.id, element);
      if (!item) highlightArrival(element);
      this.#trim();
    }
    this.onDraw(element, card);
    return element;
  }

  /** Remove a card. Returns its element, which another list may take. */
  take(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    item?.remove();
    return item;
  }

  #after(id) {
    for (const item of this.list.children) {
      if (this.oldestFirst ? Number(item.dataset.id) > id : Number(item.dataset.id) < id) return item;
    }
    return null;
  }

  #trim() {
    while (this.#items.size > this.max) this.take(Number(this.list.lastElementChild.dataset.id));
  }
}
