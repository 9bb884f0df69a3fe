// A list at the side of the facilitation screen: cards that wait, are held or are hidden. It draws the first ones only.
// Their number comes from the server, corrected here by what comes and goes meanwhile.
import { CardList } from "../live/card_list.js";
import { readCard } from "../live/drawing.js";
import { fetchPage } from "../web/http.js";

/** With fewer cards drawn than this, and more on the server, the next ones are fetched. */
const MIN_DRAWN = 20;

export class SideList {
  #fetching = false;

  /**
   * @param {Element} section
   * @param {object} options  the options of CardList, and
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

  /** Add or remove a card, by whether it belongs in the list. */
  update(card, belongs) {
    const had = Boolean(this.list.get(card.id));
    if (belongs) this.list.put(card);
    else this.list.take(card.id);
    if (belongs !== had) this.setCount(this.count + (belongs ? 1 : -1));
  }

  /** Set how many there are. A count below what is drawn means that the server does not know of the latest yet. */
  setCount(count) {
    this.count = Math.max(count, this.list.size);
    this.section.hidden = this.count === 0;
    this.section.querySelector("[data-part=count]").textContent = this.count;
    const more = this.section.querySelector("[data-part=more]");
    if (more) more.hidden = this.count === this.list.size;
    if (this.count > this.list.size && this.list.size < MIN_DRAWN) this.#fetch();
  }

  /** Fetch the next cards, as the server has them now. */
  async #fetch() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const page = await fetchPage();
      const fetched = page.querySelector(`[data-list=${this.section.dataset.list}]`);
      for (const item of fetched.querySelectorAll("[data-part=cards] > [data-id]")) {
        const card = readCard(item);
        if (this.list.get(card.id) || this.isOld(card)) continue;
        this.list.put(card, document.adoptNode(item));
        this.onFetched(card);
      }
      this.setCount(Number(fetched.querySelector("[data-part=count]").textContent));
    } catch {
      // There is no contact. The next count tries again.
    } finally {
      this.#fetching = false;
    }
  }
}
