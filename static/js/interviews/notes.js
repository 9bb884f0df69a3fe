// The observer's notes: kept on the device until the server has them, and sent in order, each once. Without network the
// observer goes on writing; every note shows its state.
import { parseCard } from "../live/drawing.js";
import { Outbox } from "../live/outbox.js";

/** The outbox has a name of its own, apart from the cards that the same browser may hold as a participant. */
const outboxName = (meeting) => `notes ${meeting}`;

/** Return a note in the form that the server expects. */
function notePayload({ uuid, text, kind, area, speaker, question }) {
  const numbers = { area, speaker, question };
  const given = Object.entries(numbers).filter(([, value]) => value);
  const payload = { uuid, text, ...Object.fromEntries(given.map(([key, value]) => [key, Number(value)])) };
  if (kind) payload.kind = kind;
  return payload;
}

export class Notes {
  #items = new Map();

  /**
   * @param {HTMLElement} list  carries the words for each state in its data
   * @param {object} options
   * @param {string} options.meeting
   * @param {string} options.address  where notes are sent
   * @param {import("../live/ticket.js").Ticket} options.ticket
   * @param {(text: string) => void} options.onTakeBack  the observer wants to change a note that was not sent
   * @param {(words: string) => void} options.onState  the state of the latest note, in words
   * @param {(fails: boolean) => void} options.onTrouble  whether the device can store nothing
   */
  constructor(list, { meeting, address, ticket, onTakeBack, onState, onTrouble }) {
    this.list = list;
    this.address = address;
    this.ticket = ticket;
    this.onState = onState;
    this.outbox = new Outbox(outboxName(meeting), {
      send: (note) => this.#send(note),
      onState: (note, state, answer) => this.#showState(note, state, answer),
      onNew: (note) => this.#draw(note),
      onTrouble,
    });
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-do=take-back]")?.closest("[data-uuid]");
      if (!item) return;
      this.outbox.takeBack(item.dataset.uuid);
      onTakeBack(item.querySelector("[data-part=text]").textContent);
      this.#remove(item.dataset.uuid);
    });
    addEventListener("online", () => this.outbox.flush());
    addEventListener("offline", () => this.outbox.flush()); // shows at once that notes wait
    addEventListener("beforeunload", (event) => {
      if (this.outbox.hasUnstored) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.outbox.flush();
    });
  }

  /** Draw and send the notes that an earlier visit left. */
  async load() {
    const { waiting } = await this.outbox.load(Number.POSITIVE_INFINITY); // this page shows all that are saved
    for (const note of waiting) this.#draw(note);
    this.outbox.flush();
  }

  add(note) {
    this.#draw(note);
    this.onState(this.list.dataset.saving);
    return this.outbox.add(note);
  }

  async #send(note) {
    const answer = await this.ticket.send("POST", this.address, notePayload(note));
    const { code } = answer.error ?? {};
    // For a note, forbidden means that the speaker has not consented. No stage will change that, as it may for a card.
    if (code === "forbidden") answer.error.code = "conflict";
    // The observer is signed out: the note waits until somebody has signed in again.
    if (code === "unauthorized") answer.error.code = "sign-in";
    return answer;
  }

  #showState(note, state, answer = {}) {
    const words = this.list.dataset;
    if (state === "dropped") return this.#remove(note.uuid);
    if (state === "shown") return this.#showSaved(note, answer);
    const why = answer.fields ? Object.values(answer.fields).join(" ") : answer.message;
    this.#setState(note.uuid, state, state === "refused" ? `${words.refused}: ${why ?? ""}` : words.waiting);
  }

  #showSaved(note, { id, html }) {
    const item = this.#items.get(note.uuid);
    this.onState(this.list.dataset.saved);
    if (!item) return;
    const here = note.question === this.list.dataset.question;
    if (!html || !here || this.list.querySelector(`[data-card="${id}"]`)) {
      // It was sent by another tab or belongs to another question, or the page has it already.
      this.#remove(note.uuid);
      return;
    }
    const drawn = document.createElement("li");
    drawn.append(parseCard(html));
    item.replaceWith(drawn);
    this.#items.delete(note.uuid);
  }

  #draw(note) {
    if (this.#items.has(note.uuid)) return;
    const item = document.getElementById("note-template").content.firstElementChild.cloneNode(true);
    item.dataset.uuid = note.uuid;
    item.querySelector("[data-part=text]").textContent = note.text;
    item.querySelector("[data-part=who]").textContent = note.who;
    this.list.prepend(item);
    this.#items.set(note.uuid, item);
    document.getElementById("no-notes").hidden = true;
    this.#setState(note.uuid, "saving", this.list.dataset.saving);
  }

  #setState(uuid, state, words) {
    const item = this.#items.get(uuid);
    if (!item) return;
    item.dataset.state = state;
    item.querySelector("[data-part=state]").textContent = words;
    item.querySelector("[data-do=take-back]").hidden = state === "saving";
    if (item === this.list.firstElementChild) this.onState(words);
  }

  #remove(uuid) {
    this.#items.get(uuid)?.remove();
    this.#items.delete(uuid);
    document.getElementById("no-notes").hidden = this.list.children.length > 0;
  }
}
