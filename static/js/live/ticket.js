// What identifies the page to the server: its CSRF token and its ticket to the socket. Both expire while the page is
// open; then they are taken from a freshly fetched page.
import { fetchPage, sendJson } from "../web/http.js";

/** The least time between two renewals, in ms. */
const RENEWAL_PAUSE = 10_000;

export class Ticket {
  #triedAt = 0;
  #renewal = null;

  /** @param {HTMLElement} element  has an id, and carries `data-csrf` and `data-ticket` */
  constructor(element) {
    this.element = element;
  }

  get value() {
    return this.element.dataset.ticket;
  }

  /** Send JSON, and once more with a new token if the old one was refused. */
  async send(method, url, payload) {
    const answer = await sendJson(method, url, payload, this.element.dataset.csrf);
    // A refusal that names no field is about the page's token, not about what was written.
    const isExpired = !answer.ok && answer.error.code === "invalid" && !answer.error.fields;
    if (!isExpired || (await this.renew()) !== "renewed") return answer;
    return sendJson(method, url, payload, this.element.dataset.csrf);
  }

  /**
   * Take token and ticket from a freshly fetched page.
   * @returns {Promise<"renewed"|"closed"|"gone"|"later">}  closed: the meeting is; gone: this device is no longer part of
   *   it; later: no contact, or the last try was a moment ago
   */
  renew() {
    if (!this.#renewal) {
      if (Date.now() - this.#triedAt < RENEWAL_PAUSE) return Promise.resolve("later");
      this.#triedAt = Date.now();
      this.#renewal = this.#fetch().finally(() => {
        this.#renewal = null;
      });
    }
    return this.#renewal;
  }

  async #fetch() {
    try {
      const page = await fetchPage();
      const fresh = page.getElementById(this.element.id)?.dataset;
      if (page.getElementById("late") && this.element.id !== "late") return "closed";
      if (!fresh?.csrf || fresh.joined !== this.element.dataset.joined) return "gone";
      this.element.dataset.csrf = fresh.csrf;
      this.element.dataset.ticket = fresh.ticket ?? "";
      return "renewed";
    } catch (error) {
      return error.status >= 400 && error.status < 500 && error.status !== 429 ? "gone" : "later";
    }
  }
}
