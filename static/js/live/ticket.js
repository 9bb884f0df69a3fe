// What the page shows the server: the CSRF token and the ticket to the socket. They stand in the page, and grow old
// with it; then a fresh page is asked for new ones.
import { fetchPage, sendJson } from "../web/http.js";

/** Asking anew more often than this helps nobody. In ms. */
const REST = 10_000;

export class Ticket {
  #asked = 0;
  #asking = null;

  /** @param {HTMLElement} place  the element that carries them in its data */
  constructor(place) {
    this.place = place;
  }

  get value() {
    return this.place.dataset.ticket;
  }

  /** Send JSON; once more with a fresh token if the old one was refused. */
  async send(method, url, payload) {
    const answer = await sendJson(method, url, payload, this.place.dataset.csrf);
    // Refused without naming a field: it is the page that is too old, not what was written.
    const old = !answer.ok && answer.error.code === "invalid" && !answer.error.fields;
    if (!old || (await this.renew()) !== "renewed") return answer;
    return sendJson(method, url, payload, this.place.dataset.csrf);
  }

  /** Answers "renewed", "closed", "gone" when this device has no part in the meeting any more, or "later". */
  renew() {
    if (!this.#asking) {
      if (Date.now() - this.#asked < REST) return Promise.resolve("later");
      this.#asked = Date.now();
      this.#asking = this.#ask().finally(() => {
        this.#asking = null;
      });
    }
    return this.#asking;
  }

  async #ask() {
    try {
      const page = await fetchPage();
      const fresh = page.getElementById(this.place.id)?.dataset;
      if (page.getElementById("late") && this.place.id !== "late") return "closed";
      if (!fresh?.csrf || fresh.joined !== this.place.dataset.joined) return "gone";
      this.place.dataset.csrf = fresh.csrf;
      this.place.dataset.ticket = fresh.ticket ?? "";
      return "renewed";
    } catch (error) {
      return error.status >= 400 && error.status < 500 && error.status !== 429 ? "gone" : "later";
    }
  }
}
