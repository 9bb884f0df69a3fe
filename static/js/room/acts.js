// What the moderator does with a card: the page's forms, sent over the socket, with undo for each.
import { copyOf } from "../live/dom.js";

export class Acts {
  /**
   * @param {Element} root
   * @param {object} options
   * @param {(event: string, payload: object) => Promise<object>} options.ask
   * @param {(card: object) => void} options.show
   * @param {() => void} options.onIdle  no card is in hand any more
   */
  constructor(root, { ask, show, onIdle }) {
    this.root = root;
    this.ask = ask;
    this.show = show;
    this.onIdle = onIdle;
    this.undo = document.getElementById("undo");
    this.words = this.undo.querySelector("[data-part=words]");
    this.back = null;
    root.addEventListener("click", (event) => {
      const opener = event.target.closest("[data-do=open]");
      if (opener) this.#toggle(event, opener);
    });
    root.addEventListener("submit", (event) => this.#submit(event));
  }

  #toggle(event, opener) {
    event.preventDefault();
    const item = opener.closest("[data-id]");
    if (opener.getAttribute("aria-expanded") === "true") this.#close(item);
    else this.#open(item, opener);
  }

  #open(item, opener) {
    for (const other of this.root.querySelectorAll("[data-do=open][aria-expanded=true]")) {
      this.#close(other.closest("[data-id]"));
    }
    opener.setAttribute("aria-expanded", "true");
    this.#replace(item, this.fresh(item));
  }

  /** The one act that is nearest for a card that waits or is hidden, always at hand. */
  quick(item) {
    if (!item.querySelector("[data-part=acts]")) this.#replace(item, this.fresh(item, true));
  }

  #replace(item, acts) {
    item.querySelector("[data-part=acts]")?.remove();
    item.append(acts);
  }

  /** The acts that fit a card as it is. */
  fresh(item, quick = false) {
    const acts = copyOf("acts-template");
    const { state, area } = item.dataset;
    acts.toggleAttribute("data-quick", quick);
    acts.querySelector("[data-do=restore]").hidden = state === "shown";
    acts.querySelector("[data-do=move]").hidden = quick || state === "hidden";
    acts.querySelector("[data-do=hide]").closest("details").hidden = quick || state === "hidden";
    acts.querySelector("[name=area]").value = area;
    return acts;
  }

  #close(item) {
    item.querySelector("[data-part=acts]")?.remove();
    item.querySelector("[data-do=open]").setAttribute("aria-expanded", "false");
    if (item.dataset.state !== "shown") this.quick(item);
    this.onIdle();
  }

  async #submit(event) {
    const form = event.target;
    const act = form.dataset.do;
    if (form === this.undo) {
      if (!this.back) return;
      event.preventDefault();
      this.#takeBack();
      return;
    }
    const item = form.closest("[data-id]");
    if (!item || !["move", "hide", "restore"].includes(act)) return;
    event.preventDefault();
    const id = Number(item.dataset.id);
    const before = item.dataset.area ? Number(item.dataset.area) : null;
    const payload = { id, base: Number(item.dataset.seq) };
    if (act === "move") payload.area = form.elements.area.value ? Number(form.elements.area.value) : null;
    if (act === "hide") payload.reason = form.elements.reason.value;
    const answer = await this.ask(`card:${act}`, payload);
    if (!answer.ok) {
      this.#refused(item, answer.error);
      return;
    }
    this.#close(item);
    this.#offer(act, { id, base: answer.seq, before });
  }

  #refused(item, error) {
    if (error.card) this.show(error.card);
    const words =
      { conflict: this.root.dataset.conflict, no_contact: this.root.dataset.noContact }[error.code] ??
      error.fields?.reason ??
      error.message;
    if (!item.isConnected) {
      this.words.textContent = words;
      this.undo.hidden = false;
      this.undo.querySelector("button").hidden = true;
      return;
    }
    if (error.code === "conflict") this.#replace(item, this.fresh(item));
    const note = item.querySelector("[data-part=acts] [data-part=note]");
    note.hidden = false;
    note.textContent = words;
  }

  #offer(act, { id, base, before }) {
    const reason = this.undo.querySelector("[name=reason]")?.value;
    this.back = {
      move: ["card:move", { id, base, area: before }],
      hide: ["card:restore", { id, base }],
      restore: ["card:hide", { id, base, reason }],
    }[act];
    this.words.textContent = this.undo.dataset[act];
    this.undo.hidden = false;
    const button = this.undo.querySelector("button");
    button.hidden = false;
    // What had focus may be gone with the card.
    if (document.activeElement === document.body) button.focus({ preventScroll: true });
  }

  async #takeBack() {
    const [event, payload] = this.back;
    const answer = await this.ask(event, payload);
    if (answer.ok) {
      this.back = null;
      this.undo.hidden = true;
      return;
    }
    if (answer.error.card) this.show(answer.error.card);
    const lost = answer.error.code !== "no_contact";
    this.words.textContent = lost
      ? answer.error.code === "conflict"
        ? this.root.dataset.conflict
        : answer.error.message
      : this.root.dataset.noContact;
    this.undo.querySelector("button").hidden = lost;
  }
}
