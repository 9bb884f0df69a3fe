// The draft of a card, kept on the device from one letter to the next. Every tab has a draft of its own; the draft of a
// tab that was closed or crashed is taken over by the next one.
import { newUuid } from "../web/text.js";

const TAB = "dialog:tab";
/** A tab that crashed may hold its lock for a while; this many ms are waited for it. */
const LOCK_TIMEOUT = 5000;

function tabName() {
  try {
    const name = sessionStorage.getItem(TAB) ?? newUuid();
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return newUuid();
  }
}

/** Is the lock of a draft free, or does it become free within so many ms? */
async function isFree(key, timeout) {
  if (!navigator.locks) return true;
  if (!timeout) return navigator.locks.request(key, { ifAvailable: true }, Boolean);
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(), timeout);
  return navigator.locks.request(key, { signal: waiting.signal }, () => true).catch(() => false);
}

export class Draft {
  /**
   * @param {number} meeting
   * @param {(fails: boolean) => void} [onTrouble]  whether the device can store nothing
   */
  constructor(meeting, onTrouble = () => {}) {
    this.prefix = `dialog:draft:${meeting}:`;
    this.key = this.prefix + tabName();
    this.onTrouble = onTrouble;
    // The lock is held as long as the tab lives, so that other tabs leave its draft alone.
    navigator.locks?.request(this.key, () => new Promise(() => {})).catch(() => {});
  }

  /** Return this tab's draft, or null. */
  read() {
    return this.#get(this.key);
  }

  /** Take over the latest draft of a tab that no longer exists. Resolves to it, or to null. */
  async inherit() {
    try {
      const left = Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix) && key !== this.key)
        .map((key) => [key, this.#get(key)])
        .sort(([, a], [, b]) => (b?.at ?? 0) - (a?.at ?? 0));
      for (const timeout of [0, LOCK_TIMEOUT]) {
        for (const [key, draft] of left) {
          if (!(await isFree(key, timeout))) continue;
          localStorage.removeItem(key);
          return draft;
        }
      }
    } catch {
      // Without storage nothing was left.
    }
    return null;
  }

  write(draft) {
    try {
      if (draft.text) localStorage.setItem(this.key, JSON.stringify({ ...draft, at: Date.now() }));
      else localStorage.removeItem(this.key);
      if (draft.text) this.onTrouble(false);
    } catch {
      // There is no storage or no room: the draft lives as long as the page.
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

/**
 * @typedef {{uuid: string, text: string, area: string, kind: string, stands?: string, stage?: number}} Thought
 *   a written card: the values of the page's fields, and the stage in which it was begun
 */

/** Return the payload of `card:add`. @param {Thought} thought */
export function cardPayload({ uuid, text, area, kind, stands, stage }) {
  const payload = { uuid, text };
  if (area) payload.area = Number(area);
  if (kind) payload.kind = kind;
  if (stage) payload.stage = stage;
  if (Number(stands) > 1) payload.stands_for = Number(stands);
  return payload;
}
