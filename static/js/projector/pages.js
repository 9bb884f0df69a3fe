// When the wall is fuller than the screen it is shown a page at a time: a few areas side by side, what is newest in
// each. While people write that is all; when it is calm, a page of older cards comes after each round of the newest.
import { fillIn } from "../web/text.js";

const EVERY = 12_000;
/** So long after the last new card the older ones may be shown. */
const CALM = 20_000;
/** In em: below this a lane's text breaks too often to be read from afar. */
const NARROWEST = 16.5;

export class Pages {
  #newest = [];
  #older = [];
  #now = 0;
  #back = 0;
  #onOlder = false;
  held = false;
  #timer = 0;
  #due = 0;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(wall, lanes, { place, hold, words, older, onHold }) {
    this.wall = wall;
    this.lanes = lanes;
    this.place = place;
    this.hold = hold;
    this.words = words;
    this.olderWords = older;
    hold.addEventListener("click", () => {
      this.held = !this.held;
      hold.setAttribute("aria-pressed", String(this.held));
      this.#tick();
      onHold();
    });
    addEventListener("resize", () => this.arrange());
    document.fonts?.ready.then(() => this.arrange());
    this.arrange();
    this.#tick();
  }

  /** A card is new: older ones wait, and what is newest comes back. */
  arrived() {
    this.#latest = performance.now();
    if (this.#onOlder && !this.held) {
      this.#onOlder = false;
      this.#tick();
    }
  }

  /** Something changed: lay out anew, soon and once. */
  arrange() {
    if (this.#due) return;
    this.#due = setTimeout(() => {
      this.#due = 0;
      if (!this.wall.clientWidth) {
        this.place.textContent = "";
        return; // the wall is not what is shown
      }
      this.#measure();
      this.#show();
    }, 100);
  }

  #tick() {
    clearTimeout(this.#timer);
    if (this.held) return;
    this.#timer = setTimeout(() => {
      if (this.wall.clientWidth) {
        this.#turn();
        this.#show();
      }
      this.#tick();
    }, EVERY);
  }

  #turn() {
    const calm = performance.now() - this.#latest > CALM;
    if (this.#onOlder) {
      this.#onOlder = false;
      this.#now = 0;
    } else if (this.#now + 1 < this.#newest.length) this.#now += 1;
    else if (calm && this.#older.length) {
      this.#onOlder = true;
      this.#back = (this.#back + 1) % this.#older.length;
    } else this.#now = 0;
  }

  /** As many lanes side by side as can be read, spread evenly; each cut into what its height holds. */
  #measure() {
    const full = this.lanes.filter((lane) => Number(lane.dataset.count) > 0);
    const em = Number.parseFloat(getComputedStyle(this.wall).fontSize);
    const most = Math.max(1, Math.floor(this.wall.clientWidth / (NARROWEST * em)));
    const groups = Math.max(1, Math.ceil(full.length / most));
    const each = Math.ceil(full.length / groups);
    this.wall.dataset.lanes = Math.min(each, 6);
    this.#newest = [];
    const rest = [];
    for (let group = 0; group < groups; group++) {
      const lanes = full.slice(group * each, (group + 1) * each);
      this.#only(lanes);
      const cut = lanes.map((lane) => ({ lane, slices: cutUp(lane) }));
      this.#newest.push(cut.map(({ lane, slices }) => ({ lane, slice: slices[0] ?? [0, 0] })));
      for (const { lane, slices } of cut) {
        for (const [depth, slice] of slices.entries()) if (depth) rest.push({ lane, slice, depth });
      }
    }
    // The least old first, and beside each other what is of different areas.
    rest.sort((a, b) => a.depth - b.depth);
    this.#older = inPages(rest, each);
    this.#now = Math.min(this.#now, this.#newest.length - 1);
    this.#back = Math.min(this.#back, Math.max(0, this.#older.length - 1));
    this.#onOlder &&= this.#older.length > 0;
  }

  #only(lanes) {
    for (const lane of this.lanes) lane.hidden = !lanes.includes(lane);
  }

  #show() {
    const page = (this.#onOlder ? this.#older[this.#back] : this.#newest[this.#now]) ?? [];
    this.#only(page.map(({ lane }) => lane));
    for (const { lane, slice } of page) {
      const [from, to] = slice;
      for (const [index, item] of lane.querySelectorAll("[data-part=cards] [data-id]").entries()) {
        item.hidden = index < from || index >= to;
      }
    }
    const [n, all] = this.#onOlder
      ? [this.#back + 1, this.#older.length]
      : [this.#now + 1, this.#newest.length];
    const words = fillIn(this.words, { n, all });
    const newest = all > 1 ? words : "";
    this.place.textContent = this.#onOlder ? `${this.olderWords} · ${words}` : newest;
  }
}

/** Where the cards of a lane are cut: pairs of first and next-after-last. */
function cutUp(lane) {
  const list = lane.querySelector("[data-part=cards]");
  const items = [...list.querySelectorAll("[data-id]")];
  for (const item of items) item.hidden = false;
  const room = list.clientHeight;
  const places = items.map((item) => item.getBoundingClientRect());
  const slices = [];
  let start = 0;
  for (const [index, at] of places.entries()) {
    if (index > start && at.bottom - places[start].top > room) {
      slices.push([start, index]);
      start = index;
    }
  }
  if (items.length) slices.push([start, items.length]);
  return slices;
}

/** Slices in pages of *each* lanes, no lane twice on a page. */
function inPages(slices, each) {
  const pages = [];
  for (const slice of slices) {
    const free = pages.find((page) => page.length < each && page.every(({ lane }) => lane !== slice.lane));
    if (free) free.push(slice);
    else pages.push([slice]);
  }
  return pages;
}
