// What the observer writes: kept on the device until the server has it, and sent in order, each once. Where the
// network is gone one goes on writing; every note says how it stands.
import { parseCard } from "../live/drawing.js";
import { Outbox } from "../live/outbox.js";

/** Not the phone's own waiting cards, should it be the same browser. */
const name = (meeting) => `notes ${meeting}`;

/** A note as the server wants it. */
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
   * @param {() => object} options.ticket  shows the server the page's token
   * @param {(text: string) => void} options.onBack  the person wants to change what was not sent
   * @param {(words: string) => void} options.onState  how it stands with the latest
   * @param {(fails: boolean) => void} options.onTrouble  nothing can be kept on this device
   */
  constructor(list, { meeting, address, ticket, onBack, onState, onTrouble }) {
    this.list = list;
    this.address = address;
    this.ticket = ticket;
    this.onState = onState;
    this.outbox = new Outbox(name(meeting), {
      send: (note) => this.#send(note),
      onState: (note, state, answer) => this.#placed(note, state, answer),
      onNew: (note) => this.#draw(note),
      onTrouble,
    });
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-do=take-back]")?.closest("[data-uuid]");
      if (!item) return;
      this.outbox.drop(item.dataset.uuid);
      onBack(item.querySelector("[data-part=text]").textContent);
      this.#remove(item.dataset.uuid);
    });
    addEventListener("online", () => this.outbox.flush());
    addEventListener("offline", () => this.outbox.flush()); // says at once that they wait
    addEventListener("beforeunload", (event) => {
      if (this.outbox.hasUnstored) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.outbox.flush();
    });
  }

  /** What an earlier visit left. */
  async load() {
    const { waiting, saved } = await this.outbox.load();
    this.outbox.forget(saved); // this very page shows them
    for (const note of waiting) this.#draw(note);
    this.outbox.flush();
  }

  add(note) {
    this.#draw(note);
    this.onState(this.list.dataset.saving);
    return this.outbox.add(note);
  }

  async #send(note) {
    const answer = await this.ticket().send("POST", this.address, notePayload(note));
    const { code } = answer.error ?? {};
    // Here a no is a no: the person has not said yes. It is no stage that may begin again.
    if (code === "forbidden") answer.error.code = "conflict";
    // Signed out: the note waits until somebody has signed in again.
    if (code === "unauthorized") answer.error.code = "sign-in";
    return answer;
  }

  #placed(note, state, answer = {}) {
    const words = this.list.dataset;
    if (state === "dropped") return this.#remove(note.uuid);
    if (state === "shown") return this.#saved(note, answer);
    const why = answer.fields ? Object.values(answer.fields).join(" ") : answer.message;
    this.#say(note.uuid, state, state === "refused" ? `${words.refused}: ${why ?? ""}` : words.waiting);
  }

  #saved(note, { id, html }) {
    const item = this.#items.get(note.uuid);
    this.onState(this.list.dataset.saved);
    if (!item) return;
    const here = note.question === this.list.dataset.question;
    if (!html || !here || this.list.querySelector(`[data-card="${id}"]`)) {
      // Sent by another tab or from another question, or the page shows it since an answer that was lost.
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
    this.#say(note.uuid, "saving", this.list.dataset.saving);
  }

  #say(uuid, state, words) {
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
