// What is half written, kept on the device from one letter to the next.

export class Draft {
  constructor(meeting) {
    this.key = `dialog:draft:${meeting}`;
  }

  /** The draft, or null. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  write(draft) {
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      // No storage: the draft lives as long as the page.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // As above.
    }
  }
}

/** Text as the server will store it. */
export const clean = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();

/** Random even where the page is not served over TLS, which crypto.randomUUID asks for. */
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
