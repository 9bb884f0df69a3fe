// Shows a wall that is fuller than the screen a page at a time: a few areas side by side, with the newest cards of each.
// While people write that is all. When it is calm, a page of older cards follows each round of the newest.
import { fillIn } from "../web/text.js";

/** How long a page is shown, in ms. */
const PAGE_TIME = 12_000;
/** So many ms after the last new card the older ones may be shown. */
const CALM_AFTER = 20_000;
/** In a lane narrower than this, in em, text breaks too often to be read from afar. */
const MIN_LANE_WIDTH = 16.5;

export class Pages {
  #newest = [];
  #older = [];
  #newestPage = 0;
  #olderPage = 0;
  #isOnOlder = false;
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

  /** A new card came: go back to the newest cards, and let the older ones wait. */
  showNewest() {
    this.#latest = performance.now();
    if (this.#isOnOlder && !this.held) {
      this.#isOnOlder = false;
      this.#tick();
    }
  }

  /** Lay out the pages anew, soon and once for all changes until then. */
  arrange() {
    if (this.#due) return;
    this.#due = setTimeout(() => {
      this.#due = 0;
      if (!this.wall.clientWidth) {
        this.place.textContent = "";
        return; // another view is shown
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
    }, PAGE_TIME);
  }

  #turn() {
    const calm = performance.now() - this.#latest > CALM_AFTER;
    if (this.#isOnOlder) {
      this.#isOnOlder = false;
      this.#newestPage = 0;
    } else if (this.#newestPage + 1 < this.#newest.length) this.#newestPage += 1;
    else if (calm && this.#older.length) {
      this.#isOnOlder = true;
      this.#olderPage = (this.#olderPage + 1) % this.#older.length;
    } else this.#newestPage = 0;
  }

  /** Choose how many lanes stand side by side, and cut each into slices that its height holds. */
  #measure() {
    const full = this.lanes.filter((lane) => Number(lane.dataset.count) > 0);
    const em = Number.parseFloat(getComputedStyle(this.wall).fontSize);
    const perPage = Math.max(1, Math.floor(this.wall.clientWidth / (MIN_LANE_WIDTH * em)));
    const groups = Math.max(1, Math.ceil(full.length / perPage));
    const each = Math.ceil(full.length / groups);
    this.wall.dataset.lanes = Math.min(each, 6);
    this.#newest = [];
    const rest = [];
    for (let group = 0; group < groups; group++) {
      const lanes = full.slice(group * each, (group + 1) * each);
      this.#showOnly(lanes);
      const cut = lanes.map((lane) => ({ lane, slices: cutIntoSlices(lane) }));
      this.#newest.push(cut.map(({ lane, slices }) => ({ lane, slice: slices[0] ?? [0, 0] })));
      for (const { lane, slices } of cut) {
        for (const [depth, slice] of slices.entries()) if (depth) rest.push({ lane, slice, depth });
      }
    }
    // The least old slices come first; slices of different areas stand side by side.
    rest.sort((a, b) => a.depth - b.depth);
    this.#older = arrangeInPages(rest, each);
    this.#newestPage = Math.min(this.#newestPage, this.#newest.length - 1);
    this.#olderPage = Math.min(this.#olderPage, Math.max(0, this.#older.length - 1));
    this.#isOnOlder &&= this.#older.length > 0;
  }

  #showOnly(lanes) {
    for (const lane of this.lanes) lane.hidden = !lanes.includes(lane);
  }

  #show() {
    const page = (this.#isOnOlder ? this.#older[this.#olderPage] : this.#newest[this.#newestPage]) ?? [];
    this.#showOnly(page.map(({ lane }) => lane));
    for (const { lane, slice } of page) {
      const [from, to] = slice;
      for (const [index, item] of lane.querySelectorAll("[data-part=cards] [data-id]").entries()) {
        item.hidden = index < from || index >= to;
      }
    }
    const [n, all] = this.#isOnOlder
      ? [this.#olderPage + 1, this.#older.length]
      : [this.#newestPage + 1, this.#newest.length];
    const words = fillIn(this.words, { n, all });
    const newest = all > 1 ? words : "";
    this.place.textContent = this.#isOnOlder ? `${this.olderWords} · ${words}` : newest;
  }
}

/** Cut the cards of a lane into slices: pairs of the first index and the one after the last. */
function cutIntoSlices(lane) {
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

/** Put slices on pages of *each* lanes, no lane twice on a page. */
function arrangeInPages(slices, each) {
  const pages = [];
  for (const slice of slices) {
    const free = pages.find((page) => page.length < each && page.every(({ lane }) => lane !== slice.lane));
    if (free) free.push(slice);
    else pages.push([slice]);
  }
  return pages;
}
