// Dots: tap to give, tap to take back. Shown at once, put right by the answer.
import { fillIn } from "../web/text.js";

export class Votes {
  /** @param {(card: number, dots: number) => Promise<object>} give */
  constructor(section, give) {
    this.section = section;
    this.left = Number(section.dataset.left);
    this.title = section.querySelector("h2");
    this.error = section.querySelector("#vote-error");
    this.give = give;
    this.open = !section.hidden;
    document.addEventListener("submit", (event) => {
      if (event.target.dataset.do === "vote") this.#give(event);
    });
  }

  /** Open or close the voting for every card on the page. */
  set(open) {
    this.open = open;
    this.section.hidden = !open;
    for (const form of document.querySelectorAll("[data-do=vote]")) form.hidden = !open;
  }

  /** Make a fresh card ready to be voted on. */
  decorate(item) {
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
    this.#place(form, after, this.left - step);
    const answer = await this.give(Number(form.closest("[data-id]").dataset.id), after);
    this.error.hidden = answer.ok;
    if (answer.ok) this.#place(form, after, answer.left);
    else {
      this.#place(form, before, this.left + step);
      this.error.textContent = answer.error.message ?? this.error.dataset.noContact;
    }
  }

  #place(form, dots, left) {
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
