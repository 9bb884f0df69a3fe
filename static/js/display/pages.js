// When the wall is fuller than the screen it is shown a page at a time: a few areas, a few cards of each.
import { fill } from "../live/dom.js";

const EVERY = 12_000;
const NARROWEST = 16.5; // em: below this a lane's text breaks too often to be read from afar

export class Pages {
  #groups = [];
  #pages = [{ group: 0, slice: 0 }];
  #now = 0;
  held = false;
  #timer = 0;
  #due = 0;

  constructor(wall, lanes, { place, hold, words, onHold }) {
    this.wall = wall;
    this.lanes = lanes;
    this.place = place;
    this.hold = hold;
    this.words = words;
    hold.addEventListener("click", () => {
      this.held = !this.held;
      hold.setAttribute("aria-pressed", String(this.held));
      this.#tick();
      onHold();
    });
    addEventListener("resize", () => this.arrange());
    this.arrange();
    this.#tick();
  }

  /** Something changed: lay out anew, soon and once. */
  arrange() {
    if (this.#due) return;
    this.#due = setTimeout(() => {
      this.#due = 0;
      this.#measure();
      this.#show();
    }, 100);
  }

  #tick() {
    clearTimeout(this.#timer);
    if (this.held) return;
    this.#timer = setTimeout(() => {
      this.#now = (this.#now + 1) % this.#pages.length;
      this.#show();
      this.#tick();
    }, EVERY);
  }

  /** As many lanes side by side as can be read, spread evenly; each cut into what its height holds. */
  #measure() {
    const full = this.lanes.filter((lane) => Number(lane.dataset.count) > 0);
    const em = Number.parseFloat(getComputedStyle(this.wall).fontSize);
    const most = Math.max(1, Math.floor(this.wall.clientWidth / (NARROWEST * em)));
    const groups = Math.max(1, Math.ceil(full.length / most));
    const each = Math.ceil(full.length / groups);
    this.#groups = [];
    this.#pages = [];
    for (let group = 0; group < groups; group++) {
      const lanes = full.slice(group * each, (group + 1) * each).map((lane) => ({ lane, slices: [] }));
      this.#groups.push(lanes);
      this.#only(lanes);
      for (const entry of lanes) entry.slices = this.#slices(entry.lane);
      const slices = Math.max(1, ...lanes.map((entry) => entry.slices.length));
      for (let slice = 0; slice < slices; slice++) this.#pages.push({ group, slice });
    }
    this.#now = Math.min(this.#now, this.#pages.length - 1);
  }

  #slices(lane) {
    const list = lane.querySelector("[data-part=cards]");
    const items = [...list.querySelectorAll("[data-id]")];
    for (const item of items) item.hidden = false;
    const room = list.clientHeight;
    const slices = [];
    let start = 0;
    const places = items.map((item) => item.getBoundingClientRect());
    for (const [index, at] of places.entries()) {
      const from = places[start].top;
      if (index > start && at.bottom - from > room) {
        slices.push([start, index]);
        start = index;
      }
    }
    if (items.length) slices.push([start, items.length]);
    return slices;
  }

  #only(lanes) {
    const shown = new Set(lanes.map((entry) => entry.lane));
    for (const lane of this.lanes) lane.hidden = !shown.has(lane);
  }

  #show() {
    const { group, slice } = this.#pages[this.#now] ?? { group: 0, slice: 0 };
    const lanes = this.#groups[group] ?? [];
    this.#only(lanes);
    for (const { lane, slices } of lanes) {
      const [from, to] = slices[slice % slices.length] ?? [0, 0];
      for (const [index, item] of lane.querySelectorAll("[data-part=cards] [data-id]").entries()) {
        item.hidden = index < from || index >= to;
      }
    }
    const many = this.#pages.length > 1;
    this.place.textContent = many ? fill(this.words, { n: this.#now + 1, all: this.#pages.length }) : "";
  }
}
