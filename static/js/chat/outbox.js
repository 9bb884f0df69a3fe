// What was said and is not acknowledged yet. It stays in this browser until the server has it; the uuid makes a
// repeat harmless.

const AGAIN = 4000;

export class Outgoing {
  #busy = false;
  #timer = 0;

  /**
   * @param {string} name  where it is kept
   * @param {(entry: object) => Promise<object>} send  answers an acknowledgement
   * @param {(entry: object, state: string, answer?: object) => void} onState
   */
  constructor(name, send, onState) {
    this.name = name;
    this.send = send;
    this.onState = onState;
    this.waiting = this.#read();
  }

  add(entry) {
    this.waiting.push(entry);
    this.#keep();
    this.flush();
  }

  /** Send what waits, in its order. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.waiting.length) {
        const entry = this.waiting[0];
        const answer = await this.send(entry);
        const wait = this.#judge(entry, answer);
        if (wait) {
          this.#timer = setTimeout(() => this.flush(), wait);
          return;
        }
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Puts the answer in its place; answers how long to wait before the next try, or 0. */
  #judge(entry, answer) {
    if (answer.ok) {
      this.#drop(entry);
      this.onState(entry, "shown", answer);
      return 0;
    }
    const { code } = answer.error;
    if (code === "too_fast") {
      this.onState(entry, "slow");
      return (answer.error.retry_after ?? 2) * 1000;
    }
    if (code === "forbidden") {
      this.onState(entry, "closed");
      return AGAIN * 2;
    }
    if (["invalid", "conflict", "closed", "unauthorized", "not_found", "too_large"].includes(code)) {
      this.#drop(entry);
      this.onState(entry, "refused", answer.error);
      return 0;
    }
    this.onState(entry, "waiting");
    return AGAIN * (1 + Math.random() / 2);
  }

  #drop(entry) {
    this.waiting = this.waiting.filter((each) => each !== entry);
    this.#keep();
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? [];
    } catch {
      return [];
    }
  }

  #keep() {
    try {
      if (this.waiting.length) localStorage.setItem(this.name, JSON.stringify(this.waiting));
      else localStorage.removeItem(this.name);
    } catch {
      // A browser that keeps nothing: it lives as long as the page.
    }
  }
}
