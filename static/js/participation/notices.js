// What the moderator tells everybody: a message in a calm bar, and where to go. Both wait for a phone that slept.
import { fillIn } from "../web/text.js";

export class Notices {
  #going = null;

  /**
   * @param {object} options
   * @param {ReadMarkers} options.readMarkers
   * @param {object} options.place  as the page was drawn, in the shape of the contract
   * @param {boolean} options.shared  a tablet that a table shares
   * @param {() => boolean} options.busy  is somebody in the middle of a thought?
   */
  constructor({ readMarkers, place, shared, busy }) {
    this.readMarkers = readMarkers;
    this.shared = shared;
    this.busy = busy;
    this.seat = document.getElementById("seat");
    this.over = document.getElementById("over");
    this.go = document.getElementById("go");
    this.goBar = document.getElementById("go-bar");
    for (const bar of document.querySelectorAll("[data-message]")) {
      bar.querySelector("button").addEventListener("click", () => this.#read(bar));
      bar.hidden = !this.#isNews(bar);
    }
    document.getElementById("go-there").addEventListener("click", () => this.#arrived());
    this.go.addEventListener("cancel", () => this.#arrived());
    document.getElementById("go-look").addEventListener("click", () => this.goOn());
    this.#seat(place.table);
    if (place.table) this.place({ table: place.table });
  }

  /** To everybody, or to one's own table; null: nothing is said any more. */
  message(to, message) {
    const bar = document.querySelector(`[data-message="${to}"]`);
    if (bar.dataset.id === String(message?.id ?? "")) return;
    bar.dataset.id = message?.id ?? "";
    bar.hidden = !this.#isNews(bar);
    if (bar.hidden) return;
    // What comes while the page is open lies above it, so that nothing moves under a thumb or an eye.
    // Before somebody who writes it is one line, and opens when they wish.
    this.over.append(bar);
    bar.querySelector("[data-part=text]").textContent = message.text;
    this.#fold(bar, this.busy());
  }

  /** Where this device belongs. A tablet stays at its table, whoever sits there. */
  place({ table, message }) {
    if (message !== undefined) this.message("table", message);
    const here = String(table?.id ?? "");
    this.#going = null;
    this.goBar.hidden = true;
    if (this.shared || !table || here === this.readMarkers.get("table")) {
      if (!table) this.readMarkers.set("table", "");
      this.#seat(table);
      return;
    }
    this.#going = table;
    if (!this.busy()) this.goOn();
    else {
      this.goBar.querySelector("[data-part=words]").textContent = fillIn(this.go.dataset.words, table);
      this.goBar.hidden = false;
    }
  }

  /** The thought is written, or the person wants to know. */
  goOn() {
    if (!this.#going) return;
    this.goBar.hidden = true;
    this.go.querySelector("h2").textContent = fillIn(this.go.dataset.words, this.#going);
    document.getElementById("go-name").textContent = this.#going.name;
    this.#seat(this.#going);
    if (this.go.open) return;
    if (this.go.showModal) this.go.showModal();
    else this.go.setAttribute("open", "");
  }

  #arrived() {
    if (this.#going) this.readMarkers.set("table", this.#going.id);
    this.#going = null;
    if (this.go.close) this.go.close();
    else this.go.removeAttribute("open");
  }

  #seat(table) {
    this.seat.hidden = !table;
    if (!table) return;
    this.seat.textContent = fillIn(table.name ? this.seat.dataset.named : this.seat.dataset.words, table);
  }

  #isNews(bar) {
    return bar.dataset.id !== "" && this.readMarkers.get(bar.dataset.message) !== bar.dataset.id;
  }

  #fold(bar, folded) {
    const button = bar.querySelector("button");
    bar.classList.toggle("is-folded", folded);
    button.textContent = folded ? button.dataset.more : button.dataset.read;
  }

  #read(bar) {
    if (bar.classList.contains("is-folded")) {
      this.#fold(bar, false);
      return;
    }
    this.readMarkers.set(bar.dataset.message, bar.dataset.id);
    bar.hidden = true;
  }
}
