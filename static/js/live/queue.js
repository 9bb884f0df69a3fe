// Holds new cards back while somebody has paused, or handles a card that must not slide away from under the thumb.

export class CardQueue {
  #held = new Map();

  /**
   * @param {object} options
   * @param {() => boolean} options.isPaused  must new cards wait right now?
   * @param {(card: object) => void} options.show
   * @param {(waiting: number) => void} options.onCount
   */
  constructor({ isPaused, show, onCount }) {
    this.isPaused = isPaused;
    this.show = show;
    this.onCount = onCount;
  }

  /** Show a card, or hold it back while paused. A card that the page already has (*known*) changes where it is. */
  add(card, known) {
    const waiting = this.#held.get(card.id);
    if (!waiting && (known || !this.isPaused())) {
      this.show(card);
      return;
    }
    if (!waiting || card.seq >= waiting.seq) this.#held.set(card.id, card);
    this.onCount(this.#held.size);
  }

  /** Show what was held back, unless it is still paused. */
  release() {
    if (!this.#held.size || this.isPaused()) return;
    const cards = [...this.#held.values()];
    this.#held.clear();
    cards.forEach(this.show);
    this.onCount(0);
  }
}
