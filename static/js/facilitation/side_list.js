// A list at the side of the room: what waits, is held or is hidden. It draws the first ones only; how many there are
// in all the server says, and what comes and goes meanwhile is added here.
import { CardList } from "../live/card_list.js";
import { readCard } from "../live/drawing.js";
import { fetchPage } from "../web/http.js";

/** So few drawn, while there are more: time to fetch the next ones. */
const FEW = 20;

export class SideList {
  #fetching = false;

  /**
   * @param {Element} section
   * @param {object} options  those of CardList
   * @param {(card: object) => boolean} options.isOld  is a later state of this card known?
   * @param {(card: object) => void} options.onFetched  a card was drawn that the page did not have
   */
  constructor(section, { isOld, onFetched, ...options }) {
    this.section = section;
    this.isOld = isOld;
    this.onFetched = onFetched;
    this.list = new CardList(section.querySelector("[data-part=cards]"), {
      template: "card-template",
      ...options,
    });
    this.count = Number(section.querySelector("[data-part=count]").textContent);
  }

  place(card, belongs) {
    const had = Boolean(this.list.get(card.id));
    if (belongs) this.list.put(card);
    else this.list.take(card.id);
    if (belongs !== had) this.set(this.count + (belongs ? 1 : -1));
  }

  /** How many there are. Fewer than are drawn cannot be: then the server does not know of the latest yet. */
  set(count) {
    this.count = Math.max(count, this.list.size);
    this.section.hidden = this.count === 0;
    this.section.querySelector("[data-part=count]").textContent = this.count;
    const more = this.section.querySelector("[data-part=more]");
    if (more) more.hidden = this.count === this.list.size;
    if (this.count > this.list.size && this.list.size < FEW) this.#fetch();
  }

  /** The next ones, as the page has them now. */
  async #fetch() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const page = await fetchPage();
      const fresh = page.querySelector(`[data-list=${this.section.dataset.list}]`);
      for (const item of fresh.querySelectorAll("[data-part=cards] > [data-id]")) {
        const card = readCard(item);
        if (this.list.get(card.id) || this.isOld(card)) continue;
        this.list.put(card, document.adoptNode(item));
        this.onFetched(card);
      }
      this.set(Number(fresh.querySelector("[data-part=count]").textContent));
    } catch {
      // No contact: the next count tries again.
    } finally {
      this.#fetching = false;
    }
  }
}
