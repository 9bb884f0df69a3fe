// Older cards of a column: fetched a page at a time when a finger has scrolled near its end, or by the link there.
import { drawCard, readCard } from "../live/drawing.js";

/** How far below what is seen the next page is fetched, so that it is there in time. */
const AHEAD = "900px";

/** The end of a column may go when nobody looks at it or waits for more of it. */
export function canTrim(column) {
  const scroll = scrollOf(column);
  return !column.fetching && scroll.scrollTop < scroll.clientHeight;
}

/** Let every column of *wall* be read to its end. */
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
    const observer = new IntersectionObserver((seen) => this.#near(seen.at(-1).isIntersecting), {
      root: scrollOf(column),
      rootMargin: `0px 0px ${AHEAD} 0px`,
    });
    observer.observe(column.more);
    this.again = () => {
      observer.unobserve(column.more);
      observer.observe(column.more);
    };
  }

  #near(near) {
    // With the keyboard one must be able to leave the column: there it grows only when asked to.
    const scroll = scrollOf(this.column);
    if (near && scroll.scrollTop > 0 && !scroll.querySelector(":focus-visible")) this.#fetch(false);
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
        [...page.children].filter((item) => this.#isStillHere(item)),
      );
      column.older = "more" in page.dataset;
      note.textContent = "";
      // Focus goes on to what was asked for; the link it was on is further down now, or gone.
      if (asked) (first ?? column.lastItem)?.querySelector("a").focus({ preventScroll: true });
      this.again();
    } catch {
      note.textContent = note.dataset.failed;
    } finally {
      column.fetching = false;
    }
  }

  async #page() {
    const address = new URL(this.link.dataset.src, location.href);
    address.searchParams.set("before", this.column.last);
    const response = await fetch(address);
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const list = page.querySelector("[data-page]");
    if (!list) throw new Error("signed out");
    return document.adoptNode(list);
  }

  /** What was told over the socket meanwhile may be newer than the page. */
  #isStillHere(item) {
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
