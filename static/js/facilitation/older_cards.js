// Loads the older cards of a column a page at a time, when somebody scrolls near its end or follows the link there.
import { drawCard, readCard } from "../live/drawing.js";

/** How far below the visible part the next page is fetched, so that it is there in time. */
const AHEAD = "900px";

/** May the end of a column be removed? Not while somebody looks at it or waits for more of it. */
export function canTrim(column) {
  const scroll = scrollOf(column);
  return !column.fetching && scroll.scrollTop < scroll.clientHeight;
}

/** Load older cards for every column of *wall*. */
export function loadOlderOnScroll(wall, store) {
  for (const column of wall.columns()) new OlderCards(wall, column, store);
}

class OlderCards {
  constructor(wall, column, store) {
    this.wall = wall;
    this.column = column;
    this.store = store;
    this.link = column.more.querySelector("a");
    this.note = column.more.querySelector("[data-part=note]");
    this.link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      this.#fetch(true);
    });
    const observer = new IntersectionObserver((entries) => this.#approach(entries.at(-1).isIntersecting), {
      root: scrollOf(column),
      rootMargin: `0px 0px ${AHEAD} 0px`,
    });
    observer.observe(column.more);
    this.observeAgain = () => {
      observer.unobserve(column.more);
      observer.observe(column.more);
    };
  }

  #approach(isNear) {
    // With the keyboard one must be able to leave the column, so there it grows only by its link.
    const scroll = scrollOf(this.column);
    if (isNear && scroll.scrollTop > 0 && !scroll.querySelector(":focus-visible")) this.#fetch(false);
  }

  async #fetch(asked) {
    const { column, note } = this;
    if (column.fetching) return;
    column.fetching = true;
    note.textContent = note.dataset.loading;
    try {
      const page = await this.#page();
      const first = this.wall.append(
        column,
        [...page.children].filter((item) => this.#belongsHere(item)),
      );
      column.older = "more" in page.dataset;
      note.textContent = "";
      // Focus moves to what was asked for; the link that had it is further down now, or gone.
      if (asked) (first ?? column.lastItem)?.querySelector("a").focus({ preventScroll: true });
      this.observeAgain();
    } catch {
      note.textContent = note.dataset.failed;
    } finally {
      column.fetching = false;
    }
  }

  async #page() {
    const address = new URL(this.link.dataset.src, location.href);
    address.searchParams.set("before", this.column.lastId);
    const response = await fetch(address);
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const list = page.querySelector("[data-page]");
    if (!list) throw new Error("signed out");
    return document.adoptNode(list);
  }

  /** Does a fetched card still belong in the column? What the socket has sent meanwhile may be newer. */
  #belongsHere(item) {
    const card = readCard(item);
    const known = this.store.get(card.id);
    if (!known || known.seq <= card.seq) {
      this.store.put(card);
      return true;
    }
    if (known.state !== "shown" || known.area !== card.area) return false;
    item.dataset.seq = known.seq;
    drawCard(item, known.html);
    return true;
  }
}

const scrollOf = (column) => column.element.querySelector("[data-part=scroll]");
