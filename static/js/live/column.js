// One column of the wall: the newest cards on top, as many as have been fetched. The cost of a change does not grow with
// the column: a new card is put first, and a card older than all that are drawn is left for the page it belongs to.
// The cards lie in lists of at most SHEET, because a browser styles a whole list anew when a card is added to it.
import { cloneTemplate, drawCard, highlightArrival } from "./drawing.js";

const SHEET = 60;

export class Column {
  #items = new Map();

  /**
   * @param {Element} element  with a [data-part=count], a [data-part=cards] that holds lists, and perhaps a [data-part=more]
   * @param {object} options
   * @param {string} options.template  the <template> with the frame of one card
   * @param {number} options.max  live cards never make the column longer than this
   * @param {(column: Column) => boolean} [options.canTrim]  may its end be removed right now?
   */
  constructor(element, { template, max, canTrim = () => true }) {
    this.element = element;
    this.template = template;
    this.max = max;
    this.canTrim = canTrim;
    this.sheets = element.querySelector("[data-part=cards]");
    this.more = element.querySelector("[data-part=more]");
    for (const item of this.items()) this.#items.set(idOf(item), item);
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

  items() {
    return this.sheets.querySelectorAll("[data-id]");
  }

  /** The element of the oldest card drawn. */
  get lastItem() {
    return this.sheets.lastElementChild.lastElementChild;
  }

  /** The id of the oldest card drawn; 0 when there is none. */
  get lastId() {
    return this.lastItem ? idOf(this.lastItem) : 0;
  }

  /** Set whether the server has cards that are older than those drawn. */
  set older(older) {
    this.hasOlder = older;
    if (this.more) this.more.hidden = !older;
  }

  /** Draw a card where it is, or at its place by age. *item* is its element when it comes from another column. */
  put(card, item) {
    const known = this.#items.get(card.id);
    if (!known && this.hasOlder && card.id < this.lastId) return;
    const element = known ?? item ?? cloneTemplate(this.template);
    const { id, seq, state, area } = card;
    Object.assign(element.dataset, { id, seq, state, area: area ?? "" });
    if (card.html) drawCard(element, card.html);
    if (known) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    this.#insert(element, id);
    focused?.focus({ preventScroll: true });
    this.#items.set(id, element);
    if (!item) highlightArrival(element);
    this.#trim();
  }

  /** Remove a card. Returns its element, which another column may take. */
  take(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    const sheet = item?.parentElement;
    item?.remove();
    if (sheet && !sheet.childElementCount && this.sheets.childElementCount > 1) sheet.remove();
    return item;
  }

  /** Add a page of older cards below those that are drawn. Returns the first that is new. */
  append(items) {
    const added = items.filter((item) => !this.#items.has(idOf(item)));
    for (const item of added) this.#items.set(idOf(item), item);
    if (added.length) this.#addSheet(added);
    return added[0];
  }

  #insert(element, id) {
    const newest = this.sheets.firstElementChild;
    const isNewest = !newest.childElementCount || idOf(newest.firstElementChild) < id;
    if (isNewest && newest.childElementCount >= SHEET) this.sheets.prepend(this.#addSheet([element]));
    else if (isNewest) newest.prepend(element);
    else {
      const sheet = [...this.sheets.children].find((sheet) => idOf(sheet.lastElementChild) < id);
      const place = sheet && [...sheet.children].find((item) => idOf(item) < id);
      (sheet ?? this.sheets.lastElementChild).insertBefore(element, place ?? null);
    }
  }

  /** Add a list with these cards at the end. Returns it. */
  #addSheet(items) {
    const sheet = this.sheets.firstElementChild.cloneNode(false);
    sheet.append(...items);
    this.sheets.append(sheet);
    return sheet;
  }

  #trim() {
    if (this.size <= this.max || !this.canTrim(this)) return;
    while (this.size > this.max && !this.lastItem.contains(document.activeElement)) {
      this.take(this.lastId);
      this.older = true;
    }
  }
}

const idOf = (item) => Number(item.dataset.id);
