// What this device has seen of a meeting.

/** What this device has seen of a meeting; without storage it is forgotten with the page. */
export class ReadMarkers {
  #here = new Map();

  constructor(meeting) {
    this.prefix = `dialog:seen:${meeting}:`;
  }

  get(what) {
    try {
      return localStorage.getItem(this.prefix + what);
    } catch {
      return this.#here.get(what) ?? null;
    }
  }

  set(what, value) {
    this.#here.set(what, String(value));
    try {
      localStorage.setItem(this.prefix + what, value);
    } catch {
      // As above.
    }
  }
}
