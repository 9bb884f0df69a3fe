// What the moderator does with a card: the page's forms, sent over the socket. Undo is the room's own, for every act.
import { copyOf } from "../live/dom.js";

export class Acts {
  /**
   * @param {Element} root
   * @param {object} options
   * @param {(event: string, payload: object) => Promise<object>} options.ask
   * @param {(card: object) => void} options.show
   * @param {() => void} options.onIdle  no card is in hand any more
   * @param {() => Promise<unknown>} options.onDone  an act was done: there is something to undo
   */
  constructor(root, { ask, show, onIdle, onDone }) {
    this.root = root;
    this.ask = ask;
    this.show = show;
    this.onIdle = onIdle;
    this.onDone = onDone;
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
    const acts = this.fresh(item);
    this.#replace(item, acts);
    if (opener.dataset.for === "hide") acts.querySelector("[data-do=hide]").closest("details").open = true;
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
    acts.querySelector("[data-do=restore]").hidden = state !== "pending" && state !== "hidden";
    acts.querySelector("[data-do=move]").hidden = quick || state === "hidden";
    acts.querySelector("[data-do=hide]").closest("details").hidden = quick || state === "hidden";
    acts.querySelector("[name=area]").value = area;
    return acts;
  }

  #close(item) {
    item.querySelector("[data-part=acts]")?.remove();
    for (const opener of item.querySelectorAll("[data-do=open]"))
      opener.setAttribute("aria-expanded", "false");
    if (item.dataset.state === "pending" || item.dataset.state === "hidden") this.quick(item);
    this.onIdle();
  }

  async #submit(event) {
    const form = event.target;
    const act = form.dataset.do;
    const item = form.closest("[data-id]");
    if (!item || !["move", "hide", "restore"].includes(act)) return;
    event.preventDefault();
    const payload = { id: Number(item.dataset.id), base: Number(item.dataset.seq) };
    if (act === "move") payload.area = form.elements.area.value ? Number(form.elements.area.value) : null;
    if (act === "hide") payload.reason = form.elements.reason.value;
    // Until the room is drawn anew, the way back would lead to what was done before this.
    const undo = document.getElementById("room-undo");
    undo.hidden = true;
    const answer = await this.ask(`card:${act}`, payload);
    if (!answer.ok) {
      undo.hidden = false;
      this.#refused(item, answer.error);
      return;
    }
    this.#close(item);
    await this.onDone();
    // What had focus may be gone with the card.
    if (document.activeElement === document.body) {
      document.querySelector("#undo button")?.focus({ preventScroll: true });
    }
  }

  #refused(item, error) {
    if (error.card) this.show(error.card);
    const words =
      { conflict: this.root.dataset.conflict, no_contact: this.root.dataset.noContact }[error.code] ??
      error.fields?.reason ??
      error.message;
    if (!item.isConnected) {
      const note = document.getElementById("room-note");
      note.textContent = words;
      note.hidden = false;
      return;
    }
    if (error.code === "conflict") this.#replace(item, this.fresh(item));
    const note = item.querySelector("[data-part=acts] [data-part=note]");
    note.hidden = false;
    note.textContent = words;
  }
}
