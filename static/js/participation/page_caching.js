// When the page is put in the device's cache: after the first card, or after a while; not before, for nobody needs it
// to write the first card.

/** Everyone in a hall opens the page at the same time; so many ms spread their requests out. */
const SPREAD = 4000;

export class PageCaching {
  #timer = 0;
  #started;

  /**
   * @param {HTMLElement} board  carries the address of the service worker, and is marked when the page is cached
   * @param {boolean} isFromCache  the page itself was opened from the cache, so there is nothing newer to store
   */
  constructor(board, isFromCache) {
    this.board = board;
    this.#started = isFromCache;
  }

  /** Cache the page after so many ms, and a random share of the spread. */
  later(milliseconds) {
    if (this.#started) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.start(), milliseconds + Math.random() * SPREAD);
  }

  /** Cache the page now, or as soon as there is a network. */
  async start() {
    if (this.#started) return;
    clearTimeout(this.#timer);
    if (navigator.onLine === false) {
      addEventListener("online", () => this.start(), { once: true });
      return;
    }
    this.#started = true;
    try {
      const { cachePage } = await import("./cache.js");
      if (await cachePage(this.board.dataset.worker)) this.board.dataset.cached = "yes";
    } catch {
      // The network went away just now. The next time the page is opened there is another chance.
    }
  }

  /** Remove the cached page: this device is no longer part of the meeting. */
  async remove() {
    try {
      const { deleteCachedPage } = await import("./cache.js");
      await deleteCachedPage();
    } catch {
      // The script cannot be fetched. The service worker removes the page when it expires.
    }
  }
}
