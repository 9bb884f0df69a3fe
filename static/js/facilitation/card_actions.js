// The moderator's actions on a card: the page's forms, sent over the socket. Undo has a form of its own, for all actions.
import { cloneTemplate } from "../live/drawing.js";

export class CardActions {
  /**
   * @param {Element} root
   * @param {object} options
   * @param {(event: string, payload: object) => Promise<object>} options.ask
   * @param {(card: object) => void} options.show
   * @param {() => void} options.onIdle  no card is being handled any more
   * @param {() => Promise<unknown>} options.onDone  an action was done, so there is something to undo
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
    const actions = this.actionsFor(item);
    this.#replace(item, actions);
    if (opener.dataset.for === "hide") actions.querySelector("[data-do=hide]").closest("details").open = true;
  }

  /** Add the one button that a waiting or hidden card needs first: to show it. */
  addQuickAction(item) {
    if (!item.querySelector("[data-part=actions]")) this.#replace(item, this.actionsFor(item, true));
  }

  #replace(item, actions) {
    item.querySelector("[data-part=actions]")?.remove();
    item.append(actions);
  }

  /** Return the form with the actions that fit a card in its state. */
  actionsFor(item, quick = false) {
    const actions = cloneTemplate("actions-template");
    const { state, area } = item.dataset;
    actions.toggleAttribute("data-quick", quick);
    actions.querySelector("[data-do=restore]").hidden = state !== "pending" && state !== "hidden";
    actions.querySelector("[data-do=move]").hidden = quick || state === "hidden";
    actions.querySelector("[data-do=hide]").closest("details").hidden = quick || state === "hidden";
    actions.querySelector("[name=area]").value = area;
    return actions;
  }

  #close(item) {
    item.querySelector("[data-part=actions]")?.remove();
    for (const opener of item.querySelectorAll("[data-do=open]"))
      opener.setAttribute("aria-expanded", "false");
    if (item.dataset.state === "pending" || item.dataset.state === "hidden") this.addQuickAction(item);
    this.onIdle();
  }

  async #submit(event) {
    const form = event.target;
    const action = form.dataset.do;
    const item = form.closest("[data-id]");
    if (!item || !["move", "hide", "restore"].includes(action)) return;
    event.preventDefault();
    const payload = { id: Number(item.dataset.id), base: Number(item.dataset.seq) };
    if (action === "move") payload.area = form.elements.area.value ? Number(form.elements.area.value) : null;
    if (action === "hide") payload.reason = form.elements.reason.value;
    // Until the page is fetched again, undo would take back what was done before this.
    const undo = document.getElementById("facilitation-undo");
    undo.hidden = true;
    const answer = await this.ask(`card:${action}`, payload);
    if (!answer.ok) {
      undo.hidden = false;
      this.#showRefusal(item, answer.error);
      return;
    }
    this.#close(item);
    await this.onDone();
    // The element that had focus may be gone with the card.
    if (document.activeElement === document.body) {
      document.querySelector("#undo button")?.focus({ preventScroll: true });
    }
  }

  #showRefusal(item, error) {
    if (error.card) this.show(error.card);
    const words =
      { conflict: this.root.dataset.conflict, no_contact: this.root.dataset.noContact }[error.code] ??
      error.fields?.reason ??
      error.message;
    if (!item.isConnected) {
      const note = document.getElementById("facilitation-note");
      note.textContent = words;
      note.hidden = false;
      return;
    }
    if (error.code === "conflict") this.#replace(item, this.actionsFor(item));
    const note = item.querySelector("[data-part=actions] [data-part=note]");
    note.hidden = false;
    note.textContent = words;
  }
}
