// Voting with dots: a tap gives one, another takes it back. Each is shown at once and corrected by the answer.
import { fillIn } from "../web/text.js";

export class Votes {
  /**
   * @param {HTMLElement} section
   * @param {(card: number, dots: number) => Promise<object>} setDots  sends how many dots a card has
   */
  constructor(section, setDots) {
    this.section = section;
    this.left = Number(section.dataset.left);
    this.title = section.querySelector("h2");
    this.error = section.querySelector("#vote-error");
    this.setDots = setDots;
    this.open = !section.hidden;
    document.addEventListener("submit", (event) => {
      if (event.target.dataset.do === "vote") this.#give(event);
    });
  }

  /** Open or close the voting for every card on the page. */
  setOpen(open) {
    this.open = open;
    this.section.hidden = !open;
    for (const form of document.querySelectorAll("[data-do=vote]")) form.hidden = !open;
  }

  /** Make a new card ready to be voted on. */
  prepare(item) {
    const form = item.querySelector("[data-do=vote]");
    form.hidden = !this.open;
    this.#draw(form);
  }

  async #give(event) {
    event.preventDefault();
    const form = event.target;
    const step = Number(event.submitter?.dataset.step ?? 1);
    const before = Number(form.dataset.dots);
    const after = before + step;
    if (after < 0 || step > this.left) return;
    this.#show(form, after, this.left - step);
    const answer = await this.setDots(Number(form.closest("[data-id]").dataset.id), after);
    this.error.hidden = answer.ok;
    if (answer.ok) this.#show(form, after, answer.left);
    else {
      this.#show(form, before, this.left + step);
      this.error.textContent = answer.error.message ?? this.error.dataset.noContact;
    }
  }

  #show(form, dots, left) {
    form.dataset.dots = dots;
    this.left = left;
    this.title.textContent = left ? fillIn(this.title.dataset.many, { left }) : this.title.dataset.none;
    this.#draw(form);
    for (const give of document.querySelectorAll("[data-do=vote] [data-step='1']")) give.disabled = left <= 0;
  }

  #draw(form) {
    const dots = Number(form.dataset.dots);
    form.querySelector("[data-part=dots]").textContent = "●".repeat(dots);
    form.querySelector("[data-step='-1']").hidden = dots === 0;
    form.querySelector("[data-step='1']").disabled = this.left <= 0;
  }
}
