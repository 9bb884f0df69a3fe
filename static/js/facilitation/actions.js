// Leading the evening: the page's forms, sent without leaving it, and the parts of the room put in place as they
// are then. What somebody has open, and where the focus is, stays.

/** At most so often is the room asked for, in ms, however much happens. */
const EVERY = 2000;

export class FacilitationActions {
  #underWay = new Set();
  #due = 0;
  #asked = 0;
  #turn = 0;
  /** How far the meeting was led in what is shown, and which question that answers. */
  #shown = { logSeq: 0, turn: 0 };

  /**
   * @param {HTMLElement} room
   * @param {object} options
   * @param {() => void} options.onNew  parts of the room were put in place
   * @param {(counts: object) => void} options.onCounts  how many cards wait, are held and are hidden
   */
  constructor(room, { onNew, onCounts }) {
    this.room = room;
    this.onNew = onNew;
    this.onCounts = onCounts;
    room.addEventListener("submit", (event) => {
      if ("inPlace" in event.target.dataset) this.#submit(event);
    });
    room.addEventListener("click", (event) => {
      const group = event.target.closest("a[data-at]");
      if (!group) return;
      event.preventDefault();
      room.dataset.at = group.dataset.at;
      this.#fetch();
    });
  }

  /** Something may have changed: look soon, and not oftener than every other second. */
  soon() {
    if (this.#due) return;
    const wait = Math.max(0, this.#asked + EVERY - Date.now());
    this.#due = setTimeout(() => this.now(), wait);
  }

  /** Look at once: somebody has led the meeting. */
  now() {
    clearTimeout(this.#due);
    this.#due = 0;
    return this.#fetch();
  }

  async #submit(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    // Pressed twice: the first press is on its way.
    if (this.#underWay.has(form)) return;
    this.#underWay.add(form);
    submitter?.setAttribute("aria-disabled", "true");
    const done = await this.#fetch({ method: "POST", body: new FormData(form, submitter) }, form.action);
    this.#underWay.delete(form);
    submitter?.removeAttribute("aria-disabled");
    if (!done) return;
    if ("clear" in form.dataset) form.reset();
    form.closest("details[data-close-after]")?.removeAttribute("open");
  }

  /** Answers whether the act was done. */
  async #fetch(options = {}, address = this.room.dataset.now) {
    this.#asked = Date.now();
    this.#turn += 1;
    const turn = this.#turn;
    const url = new URL(address, location.href);
    if (this.room.dataset.at) url.searchParams.set("at", this.room.dataset.at);
    try {
      const response = await fetch(url, {
        ...options,
        headers: { "X-Changing-Parts": "now", "X-CSRFToken": this.room.dataset.csrf },
      });
      if (response.redirected || !response.headers.get("Content-Type")?.startsWith("text/html")) {
        throw new Error(String(response.status));
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!page.getElementById("facilitation-track")) throw new Error(String(response.status));
      this.#put(page, turn);
      if (options.method) this.#say(page.getElementById("facilitation-note").textContent);
      return response.ok;
    } catch {
      if (options.method) this.#say(this.room.dataset.noContact);
      return false;
    }
  }

  #put(page, turn) {
    // Answers may overtake each other: an older room never takes the place of a newer one.
    const logSeq = Number(page.getElementById("facilitation-log-seq").dataset.logSeq);
    if (logSeq < this.#shown.logSeq || (logSeq === this.#shown.logSeq && turn < this.#shown.turn)) return;
    this.#shown = { logSeq, turn };
    this.onCounts(page.getElementById("facilitation-log-seq").dataset);
    for (const fresh of page.body.children) {
      const old = document.getElementById(fresh.id);
      if (old && old.id !== "facilitation-note" && !same(old, fresh))
        renew(old, document.adoptNode(fresh.cloneNode(true)));
    }
    this.onNew();
  }

  #say(words) {
    const note = document.getElementById("facilitation-note");
    note.textContent = words;
    note.hidden = !words;
  }
}

const TOKENS = /(name="csrf_token" value=")[^"]*|data-now="[^"]*"|\sopen=""/g;
const same = (one, other) => one.outerHTML.replace(TOKENS, "") === other.outerHTML.replace(TOKENS, "");

function renew(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const open of old.querySelectorAll("details[open]")) {
    fresh.querySelector(`details[id="${open.id}"]`)?.setAttribute("open", "");
  }
  // What is chosen but not sent yet stays chosen.
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
