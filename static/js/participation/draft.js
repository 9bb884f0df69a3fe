// What is half written, kept on the device from one letter to the next. Every tab has a draft of its own; what a tab
// left that is no more (closed, crashed), the next one takes over.
import { newUuid } from "../web/text.js";

const TAB = "dialog:tab";
/** A tab that breaks down may take some time to let go of its draft. In ms. */
const LETTING_GO = 5000;

function tabName() {
  try {
    const name = sessionStorage.getItem(TAB) ?? newUuid();
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return newUuid();
  }
}

/** Has the tab that held this let go of it, or does it within so many ms? */
async function isFree(key, patience) {
  if (!navigator.locks) return true;
  if (!patience) return navigator.locks.request(key, { ifAvailable: true }, Boolean);
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(), patience);
  return navigator.locks.request(key, { signal: waiting.signal }, () => true).catch(() => false);
}

export class Draft {
  /** @param {(fails: boolean) => void} [onTrouble]  nothing can be kept on this device */
  constructor(meeting, onTrouble = () => {}) {
    this.prefix = `dialog:draft:${meeting}:`;
    this.key = this.prefix + tabName();
    this.onTrouble = onTrouble;
    // Held for as long as the tab lives: so others know that its draft is in somebody's hand.
    navigator.locks?.request(this.key, () => new Promise(() => {})).catch(() => {});
  }

  /** This tab's draft, or null. */
  read() {
    return this.#get(this.key);
  }

  /** The latest draft of a tab that is no more, now this one's; or null. */
  async inherit() {
    try {
      const left = Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix) && key !== this.key)
        .map((key) => [key, this.#get(key)])
        .sort(([, a], [, b]) => (b?.at ?? 0) - (a?.at ?? 0));
      for (const patience of [0, LETTING_GO]) {
        for (const [key, draft] of left) {
          if (!(await isFree(key, patience))) continue;
          localStorage.removeItem(key);
          return draft;
        }
      }
    } catch {
      // No storage, so nothing was left.
    }
    return null;
  }

  write(draft) {
    try {
      if (draft.text) localStorage.setItem(this.key, JSON.stringify({ ...draft, at: Date.now() }));
      else localStorage.removeItem(this.key);
      if (draft.text) this.onTrouble(false);
    } catch {
      // No storage, or no room: the draft lives as long as the page.
      this.onTrouble(true);
    }
  }

  forget() {
    this.write({ text: "" });
  }

  #get(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }
}
