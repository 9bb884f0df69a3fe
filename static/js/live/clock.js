// The time left of a stage, by the server's clock. The device's own clock only measures how much time has passed since
// the server sent its time, for many devices show a wrong time.

/** How many of the server's latest times are compared: one per heartbeat, so about a minute. */
const SAMPLES = 12;
/** The times left, in seconds, that are announced. */
const MARKS = [300, 60, 0];

export class ServerClock {
  #offsets = [];

  /** Take in the server's time *now* (ms since 1970); *at* is when it arrived, by performance.now(). */
  set(now, at = performance.now()) {
    this.#offsets.push(now - at);
    if (this.#offsets.length > SAMPLES) this.#offsets.shift();
  }

  /** Return the server's time in ms since 1970, or null before it has sent any. */
  now() {
    // The message that was under way for the shortest time is the closest to the truth.
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
   * @param {(seconds: number) => void} [options.onMark]  called when 5 minutes, 1 minute and 0 seconds are left
   */
  constructor(clock, { onTick, onMark = () => {} }) {
    this.clock = clock;
    this.onTick = onTick;
    this.onMark = onMark;
    // A page in the background may have missed its ticks.
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /** Set the timer of a stage: a deadline in ms since 1970, or the seconds left while it is paused. */
  set({ ends_at, left }) {
    if (ends_at !== this.#ends || left !== this.#left) this.#last = null;
    this.#ends = ends_at ?? null;
    this.#left = left ?? null;
    this.tick();
  }

  /** Show the time left, and go on each second. */
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

/** Format seconds as a clock shows them: 3:07. */
export const formatClock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
