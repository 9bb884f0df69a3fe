// The cards that others write. The page never moves under a reader: cards that come while one has scrolled down, or has
// paused, wait behind a button.
import { cloneTemplate, highlightArrival, parseCard } from "../live/drawing.js";
import { countInWords } from "../web/text.js";

/** More cards than these are not drawn. */
const MAX = 200;

export class OtherCards {
  #items = new Map();
  #held = new Map();

  /**
   * @param {HTMLElement} section
   * @param {(item: HTMLElement) => void} prepare  makes a new card ready to be voted on
   * @param {() => void} announce  tells a screen reader that a card came
   */
  constructor(section, prepare, announce) {
    this.section = section;
    this.list = section.querySelector("#others");
    this.empty = section.querySelector("#others-empty");
    this.button = section.querySelector("#show-new");
    this.pause = section.querySelector("#pause");
    this.prepare = prepare;
    this.announce = announce;
    for (const item of this.list.children) this.#items.set(Number(item.dataset.id), item);
    this.button.addEventListener("click", () => this.#release());
    this.pause.addEventListener("change", () => {
      if (!this.pause.checked) this.#release();
    });
  }

  show(card) {
    const item = this.#items.get(card.id);
    if (!card.html || card.state !== "shown") {
      item?.remove();
      this.#items.delete(card.id);
      this.#held.delete(card.id);
    } else if (item) {
      item.dataset.seq = card.seq;
      item.querySelector("[data-card]").replaceWith(parseCard(card.html));
    } else if (this.#isHolding()) {
      this.#held.set(card.id, card);
    } else {
      this.#add(card);
      this.announce();
    }
    this.#update();
  }

  clear() {
    this.#items.clear();
    this.#held.clear();
    this.list.replaceChildren();
    this.#update();
  }

  #isHolding() {
    return this.pause.checked || this.list.getBoundingClientRect().top < 0;
  }

  #add(card) {
    const item = cloneTemplate("other-template");
    Object.assign(item.dataset, { id: card.id, seq: card.seq, state: card.state });
    item.querySelector("[data-card]").replaceWith(parseCard(card.html));
    highlightArrival(item);
    this.prepare(item);
    this.#items.set(card.id, item);
    this.list.prepend(item);
    if (this.#items.size > MAX) {
      const last = this.list.lastElementChild;
      this.#items.delete(Number(last.dataset.id));
      last.remove();
    }
  }

  #release() {
    for (const card of this.#held.values()) this.#add(card);
    this.#held.clear();
    this.#update();
    this.section.querySelector("h2").scrollIntoView({ block: "start" });
  }

  #update() {
    this.empty.hidden = this.#items.size > 0;
    this.button.hidden = this.#held.size === 0;
    if (this.#held.size) this.button.textContent = countInWords(this.button, this.#held.size);
  }
}
