// Sends the facilitation screen's forms without leaving it, and replaces the parts of the page that changed. What
// somebody has opened, and where the focus is, stays.

/** The least time between two fetches of the page's parts, in ms, however much happens. */
const FETCH_PAUSE = 2000;

export class FacilitationActions {
  #sending = new Set();
  #due = 0;
  #asked = 0;
  #fetches = 0;
  /** The number of the activity log in what is shown, and the fetch that brought it. */
  #shown = { logSeq: 0, turn: 0 };

  /**
   * @param {HTMLElement} screen
   * @param {object} options
   * @param {() => void} options.onNew  parts of the page were replaced
   * @param {(counts: object) => void} options.onCounts  how many cards wait, are held and are hidden
   */
  constructor(screen, { onNew, onCounts }) {
    this.screen = screen;
    this.onNew = onNew;
    this.onCounts = onCounts;
    screen.addEventListener("submit", (event) => {
      if ("inPlace" in event.target.dataset) this.#submit(event);
    });
    screen.addEventListener("click", (event) => {
      const group = event.target.closest("a[data-at]");
      if (!group) return;
      event.preventDefault();
      screen.dataset.at = group.dataset.at;
      this.#fetch();
    });
  }

  /** Fetch the parts soon: something may have changed. */
  refreshSoon() {
    if (this.#due) return;
    const wait = Math.max(0, this.#asked + FETCH_PAUSE - Date.now());
    this.#due = setTimeout(() => this.refresh(), wait);
  }

  /** Fetch the parts at once: somebody has led the meeting. */
  refresh() {
    clearTimeout(this.#due);
    this.#due = 0;
    return this.#fetch();
  }

  async #submit(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    // The form was pressed twice, and the first press is under way.
    if (this.#sending.has(form)) return;
    this.#sending.add(form);
    submitter?.setAttribute("aria-disabled", "true");
    const done = await this.#fetch({ method: "POST", body: new FormData(form, submitter) }, form.action);
    this.#sending.delete(form);
    submitter?.removeAttribute("aria-disabled");
    if (!done) return;
    if ("clear" in form.dataset) form.reset();
    form.closest("details[data-close-after]")?.removeAttribute("open");
  }

  /** Fetch the parts, or send a form that answers with them. Resolves to whether it was accepted. */
  async #fetch(options = {}, address = this.screen.dataset.now) {
    this.#asked = Date.now();
    this.#fetches += 1;
    const turn = this.#fetches;
    const url = new URL(address, location.href);
    if (this.screen.dataset.at) url.searchParams.set("at", this.screen.dataset.at);
    try {
      const response = await fetch(url, {
        ...options,
        headers: { "X-Changing-Parts": "now", "X-CSRFToken": this.screen.dataset.csrf },
      });
      if (response.redirected || !response.headers.get("Content-Type")?.startsWith("text/html")) {
        throw new Error(String(response.status));
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!page.getElementById("facilitation-track")) throw new Error(String(response.status));
      this.#replaceParts(page, turn);
      if (options.method) this.#showNote(page.getElementById("facilitation-note").textContent);
      return response.ok;
    } catch {
      if (options.method) this.#showNote(this.screen.dataset.noContact);
      return false;
    }
  }

  #replaceParts(page, turn) {
    // Answers may overtake each other: an older state never replaces a newer one.
    const logSeq = Number(page.getElementById("facilitation-log-seq").dataset.logSeq);
    if (logSeq < this.#shown.logSeq || (logSeq === this.#shown.logSeq && turn < this.#shown.turn)) return;
    this.#shown = { logSeq, turn };
    this.onCounts(page.getElementById("facilitation-log-seq").dataset);
    for (const fetched of page.body.children) {
      const old = document.getElementById(fetched.id);
      if (old && old.id !== "facilitation-note" && !isSame(old, fetched))
        replace(old, document.adoptNode(fetched.cloneNode(true)));
    }
    this.onNew();
  }

  #showNote(words) {
    const note = document.getElementById("facilitation-note");
    note.textContent = words;
    note.hidden = !words;
  }
}

const TOKENS = /(name="csrf_token" value=")[^"]*|data-now="[^"]*"|\sopen=""/g;
const isSame = (one, other) => one.outerHTML.replace(TOKENS, "") === other.outerHTML.replace(TOKENS, "");

/** Replace an element, keeping what is open in it, what is chosen, and the focus. */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const open of old.querySelectorAll("details[open]")) {
    fresh.querySelector(`details[id="${open.id}"]`)?.setAttribute("open", "");
  }
  // A choice that is not sent yet stays.
  for (const select of old.querySelectorAll("select")) {
    const held = fresh.querySelector(`select[id="${select.id}"]`);
    if (select.id && select === focused && held) held.value = select.value;
  }
  old.replaceWith(fresh);
  if (!focused) return;
  const key = focused.dataset.key;
  const again = key
    ? fresh.querySelector(`[data-key="${key}"]`)
    : focused.id && document.getElementById(focused.id);
  const target =
    again || fresh.querySelector("summary, button, a") || document.querySelector("#facilitation-next button");
  target?.focus({ preventScroll: true });
}
