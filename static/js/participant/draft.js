// What is half written, kept on the device from one letter to the next. Every tab has a draft of its own; what a tab
// left that is no more (closed, crashed), the next one takes over.

const TAB = "dialog:tab";

/** Random even where the page is not served over TLS, which crypto.randomUUID asks for. */
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Text as the server will store it. */
export const clean = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();

function tabName() {
  try {
    const name = sessionStorage.getItem(TAB) ?? newUuid();
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return newUuid();
  }
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
      const alive = new Set((await navigator.locks?.query())?.held.map((lock) => lock.name));
      const [left] = Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix) && key !== this.key && !alive.has(key))
        .map((key) => [key, this.#get(key)])
        .sort(([, a], [, b]) => (b?.at ?? 0) - (a?.at ?? 0));
      if (!left) return null;
      localStorage.removeItem(left[0]);
      return left[1];
    } catch {
      return null;
    }
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
