// The time left of a stage, by the server's clock. The device's own clock is never asked what time it is: only how
// much time has gone by since the server said so.

/** So many of the latest words of the server are compared: one a heartbeat, so about a minute. */
const REMEMBERED = 12;
/** When the time left is said aloud, in seconds. */
const MARKS = [300, 60, 0];

export class ServerClock {
  #offsets = [];

  /** The server said that it was *now* (ms since 1970); *at* is when that arrived, by performance.now(). */
  hear(now, at = performance.now()) {
    this.#offsets.push(now - at);
    if (this.#offsets.length > REMEMBERED) this.#offsets.shift();
  }

  /** Ms since 1970, or null before the server has said anything. */
  now() {
    // What took the shortest way came out of date the least.
    return this.#offsets.length ? Math.max(...this.#offsets) + performance.now() : null;
  }
}

export class Countdown {
  #ends = null;
  #left = null;
  #last = null;
  #timer = 0;

  /**
   * @param {ServerClock} clock
   * @param {object} options
   * @param {(seconds: number | null, paused: boolean) => void} options.onTick  once a second; null: no time is set
   * @param {(seconds: number) => void} [options.onMark]  5 minutes, 1 minute and nothing left, as it gets there
   */
  constructor(clock, { onTick, onMark = () => {} }) {
    this.clock = clock;
    this.onTick = onTick;
    this.onMark = onMark;
    // A page in the background may have slept over its ticks.
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /** The timer of a stage: a deadline in ms since 1970, or the seconds left while it is paused. */
  set({ ends_at, left }) {
    if (ends_at !== this.#ends || left !== this.#left) this.#last = null;
    this.#ends = ends_at ?? null;
    this.#left = left ?? null;
    this.tick();
  }

  /** Show how it is; also when the server has just said what time it is. */
  tick() {
    clearTimeout(this.#timer);
    const now = this.clock.now();
    if (this.#ends === null || now === null) {
      this.onTick(this.#left, this.#left !== null);
      return;
    }
    const remains = this.#ends - now;
    const seconds = Math.max(0, Math.ceil(remains / 1000));
    this.onTick(seconds, false);
    const reached = MARKS.filter((mark) => this.#last > mark && seconds <= mark).pop();
    if (this.#last !== null && reached !== undefined) this.onMark(reached);
    this.#last = seconds;
    if (remains > 0) this.#timer = setTimeout(() => this.tick(), (remains % 1000) + 5);
  }
}

/** Seconds as a clock shows them: 3:07. */
export const formatClock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
