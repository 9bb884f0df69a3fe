// What the moderator sends to the phones: a message in a calm bar, and the table to go to. Both wait for a phone that
// slept, and are folded to one line while somebody writes.
import { fillIn } from "../web/text.js";

/**
 * What this device has shown of a meeting: the message that was read, the table that was reached, the last question.
 * Without storage it lives as long as the page.
 */
export class ReadMarkers {
  #values = new Map();

  constructor(meeting) {
    this.prefix = `dialog:seen:${meeting}:`;
  }

  get(name) {
    try {
      return localStorage.getItem(this.prefix + name);
    } catch {
      return this.#values.get(name) ?? null;
    }
  }

  set(name, value) {
    this.#values.set(name, String(value));
    try {
      localStorage.setItem(this.prefix + name, value);
    } catch {
      // The value above is enough for this page.
    }
  }
}

export class Notices {
  /** The table that the person has been asked to go to and has not confirmed. */
  #destination = null;

  /**
   * @param {object} options
   * @param {ReadMarkers} options.readMarkers
   * @param {object} options.place  as the page was drawn, in the form of the contract
   * @param {boolean} options.isShared  the device is a tablet that a table shares
   * @param {() => boolean} options.isBusy  is somebody in the middle of a thought?
   */
  constructor({ readMarkers, place, isShared, isBusy }) {
    this.readMarkers = readMarkers;
    this.isShared = isShared;
    this.isBusy = isBusy;
    this.seat = document.getElementById("seat");
    this.over = document.getElementById("over");
    this.go = document.getElementById("go");
    this.goBar = document.getElementById("go-bar");
    for (const bar of document.querySelectorAll("[data-message]")) {
      bar.querySelector("button").addEventListener("click", () => this.#press(bar));
      bar.hidden = !this.#isUnread(bar);
    }
    document.getElementById("go-there").addEventListener("click", () => this.#confirmArrival());
    this.go.addEventListener("cancel", () => this.#confirmArrival());
    document.getElementById("go-look").addEventListener("click", () => this.proceed());
    this.#showSeat(place.table);
    if (place.table) this.setPlace({ table: place.table });
  }

  /** Show a message to everybody (`all`) or to one's own table (`table`); null takes it away. */
  setMessage(to, message) {
    const bar = document.querySelector(`[data-message="${to}"]`);
    if (bar.dataset.id === String(message?.id ?? "")) return;
    bar.dataset.id = message?.id ?? "";
    bar.hidden = !this.#isUnread(bar);
    if (bar.hidden) return;
    // A message that comes while the page is open lies above it, so that nothing moves under a thumb or an eye.
    this.over.append(bar);
    bar.querySelector("[data-part=text]").textContent = message.text;
    this.#fold(bar, this.isBusy());
  }

  /** Show where this device belongs. A tablet stays at its table, whoever sits there. */
  setPlace({ table, message }) {
    if (message !== undefined) this.setMessage("table", message);
    const id = String(table?.id ?? "");
    this.#destination = null;
    this.goBar.hidden = true;
    if (this.isShared || !table || id === this.readMarkers.get("table")) {
      if (!table) this.readMarkers.set("table", "");
      this.#showSeat(table);
      return;
    }
    this.#destination = table;
    if (!this.isBusy()) this.proceed();
    else {
      this.goBar.querySelector("[data-part=words]").textContent = fillIn(this.go.dataset.words, table);
      this.goBar.hidden = false;
    }
  }

  /** Ask the person to go to the table: the thought is written, or they asked where to go. */
  proceed() {
    if (!this.#destination) return;
    this.goBar.hidden = true;
    this.go.querySelector("h2").textContent = fillIn(this.go.dataset.words, this.#destination);
    document.getElementById("go-name").textContent = this.#destination.name;
    this.#showSeat(this.#destination);
    if (this.go.open) return;
    if (this.go.showModal) this.go.showModal();
    else this.go.setAttribute("open", "");
  }

  #confirmArrival() {
    if (this.#destination) this.readMarkers.set("table", this.#destination.id);
    this.#destination = null;
    if (this.go.close) this.go.close();
    else this.go.removeAttribute("open");
  }

  #showSeat(table) {
    this.seat.hidden = !table;
    if (!table) return;
    this.seat.textContent = fillIn(table.name ? this.seat.dataset.named : this.seat.dataset.words, table);
  }

  #isUnread(bar) {
    return bar.dataset.id !== "" && this.readMarkers.get(bar.dataset.message) !== bar.dataset.id;
  }

  #fold(bar, isFolded) {
    const button = bar.querySelector("button");
    bar.classList.toggle("is-folded", isFolded);
    button.textContent = isFolded ? button.dataset.more : button.dataset.read;
  }

  /** The button of a bar unfolds its message, and then confirms that it was read. */
  #press(bar) {
    if (bar.classList.contains("is-folded")) {
      this.#fold(bar, false);
      return;
    }
    this.readMarkers.set(bar.dataset.message, bar.dataset.id);
    bar.hidden = true;
  }
}
