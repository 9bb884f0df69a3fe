// Cards by id. An older number never overwrites a newer one; at the same number the fuller version wins.

const fullness = (card) => ("html" in card ? 2 : "text" in card ? 1 : 0);

export class Store {
  #cards = new Map();

  get(id) {
    return this.#cards.get(id);
  }

  /** Store a card. Returns false when the known version is as new and as full; else the known version, or null. */
  put(card) {
    const known = this.#cards.get(card.id);
    if (known && (card.seq < known.seq || (card.seq === known.seq && fullness(card) <= fullness(known)))) {
      return false;
    }
    this.#cards.set(card.id, card);
    return known ?? null;
  }
}
