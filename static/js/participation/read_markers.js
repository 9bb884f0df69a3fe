// What this device has shown of a meeting: which message was read, which table was reached, the last question.

/** Values kept on the device; without storage they live as long as the page. */
export class ReadMarkers {
  #values = new Map();

  constructor(meeting) {
    this.prefix = `dialog:seen:${meeting}:`;
  }

  get(name) {
    try {
      return localStorage.getItem(this.prefix + name);
    } catch {
      return this.#values.get(name) ?? null;
    }
  }

  set(name, value) {
    this.#values.set(name, String(value));
    try {
      localStorage.setItem(this.prefix + name, value);
    } catch {
      // The value above is enough for this page.
    }
  }
}
