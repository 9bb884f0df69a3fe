// The list of messages on a phone: those of the server, and those that only this device has yet.
import { cloneTemplate, highlightArrival } from "../live/drawing.js";
import { fillIn } from "../web/text.js";

export class MessageList {
  /**
   * @param {HTMLElement} list
   * @param {object} options
   * @param {DOMStringMap} options.words  the page's words for authors and states
   * @param {HTMLElement} options.empty  shown while there is no message
   */
  constructor(list, { words, empty }) {
    this.list = list;
    this.words = words;
    this.empty = empty;
  }

  /** Return the element of a message, known by its id or its uuid; or null. */
  find({ id, uuid }) {
    return (
      (id && this.list.querySelector(`[data-id="${id}"]`)) ||
      (uuid && this.list.querySelector(`[data-uuid="${CSS.escape(uuid)}"]`)) ||
      null
    );
  }

  /** Add a message written on this device, in the state *words*. Returns its element. */
  addOwn(entry, words) {
    const known = this.find(entry);
    if (known) return known;
    const item = this.#create({ ...entry, mine: true });
    this.setState(item, words);
    this.list.append(item);
    this.#updateEmpty();
    return item;
  }

  /** Show a message of the server as it is now. Returns whether it is new on this page. */
  show(message) {
    const item = this.find(message);
    if (item && Number(item.dataset.seq) >= message.seq) return false;
    const isNew = !item && message.text !== undefined;
    if (message.text === undefined) item?.remove();
    else if (item) this.#draw(item, { ...message, mine: item.classList.contains("said--mine") });
    else {
      const created = this.#create(message);
      // A phone that slept receives older messages late; each is put at its place by age.
      const later = [...this.list.children].find((each) => Number(each.dataset.id) > message.id);
      this.list.insertBefore(created, later ?? null);
      highlightArrival(created);
    }
    this.#updateEmpty();
    return isNew;
  }

  /** The server has a message of this device. */
  markSaved(entry, id) {
    const item = this.find(entry);
    if (!item) return;
    item.dataset.id ||= id ?? "";
    item.querySelector("[data-do=take-back]")?.remove();
    // The server's own word about it may have come before the answer.
    if (item.dataset.state === "") this.setState(item, "");
  }

  /** Show a refused message with its reason and a button that gives the text back. */
  markRefused(entry, words) {
    const item = this.find(entry);
    if (!item) return;
    this.setState(item, words);
    if (!item.querySelector("[data-do=take-back]")) {
      item.append(document.getElementById("take-back-template").content.cloneNode(true));
    }
  }

  setState(item, words) {
    const state = item.querySelector("[data-part=state]");
    state.textContent = words ?? "";
    state.hidden = !words;
  }

  remove(item) {
    item.remove();
    this.#updateEmpty();
  }

  #create(message) {
    const item = cloneTemplate("said-template");
    this.#draw(item, message);
    return item;
  }

  #draw(item, message) {
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    item.dataset.id = message.id ?? "";
    item.dataset.seq = message.seq ?? 0;
    item.dataset.uuid = message.uuid;
    item.dataset.state = message.state ?? "";
    item.classList.toggle("said--mine", Boolean(message.mine));
    part("who").textContent = this.#authorOf(message);
    part("question").hidden = message.kind !== "question";
    part("parking").hidden = message.kind !== "parking";
    part("text").textContent = message.text;
    part("answer").textContent = message.answer ?? "";
    part("answer").parentElement.hidden = !message.answer;
    item.querySelector("[data-do=take-back]")?.remove();
    this.setState(item, this.#stateOf(message));
  }

  #authorOf({ mine, staff, table }) {
    if (mine) return this.words.you;
    if (staff) return this.words.staff;
    return table ? fillIn(this.words.table, { number: table }) : this.words.participant;
  }

  #stateOf({ state, hidden_reason: reason, card }) {
    if (state === "pending") return this.words.pending;
    if (state === "hidden") return `${this.words.hidden}: ${reason ?? ""}`;
    return card ? this.words.card : "";
  }

  #updateEmpty() {
    this.empty.hidden = this.list.children.length > 0;
  }
}
