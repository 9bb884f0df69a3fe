// Following the evening: the screen becomes what the stage is, but never under somebody who writes.
import { Countdown, formatClock } from "../live/clock.js";
import { fillIn } from "../web/text.js";

/** What of a stage changes the screen where somebody writes. */
const shape = ({ state, id, prompt, write, hold, locked }) =>
  JSON.stringify([state, id, prompt, write, hold, locked]);

export class StageFollower {
  #coming = null;

  /**
   * @param {object} options
   * @param {object} options.stage  where the page was drawn, as in the contract
   * @param {import("../live/clock.js").ServerClock} options.clock
   * @param {() => boolean} options.busy  is somebody in the middle of a thought?
   * @param {(stage: object) => void} options.onStage  be that stage now
   */
  constructor({ stage, clock, busy, onStage }) {
    this.stage = stage;
    this.busy = busy;
    this.onStage = onStage;
    this.bar = document.getElementById("stage-bar");
    this.words = this.bar.querySelector("span");
    this.time = document.getElementById("timer");
    this.spoken = document.getElementById("spoken-stage");
    this.countdown = new Countdown(clock, {
      onTick: (seconds, paused) => this.#show(seconds, paused),
      onMark: (seconds) => this.#say(this.time.dataset[`left${seconds / 60}`]),
    });
    document.getElementById("stage-go").addEventListener("click", () => this.goOn());
    this.countdown.set(stage);
  }

  /** The server says where the meeting is. */
  hear(next) {
    if (this.busy() && shape(next) !== shape(this.stage)) {
      this.#coming = next;
      this.words.textContent = this.words.dataset[this.#why(next)];
      this.bar.hidden = false;
      // The time of a step that one has not come to says nothing.
      this.countdown.set(next.id === this.stage.id ? next : {});
    } else this.#follow(next);
  }

  /** The thought is written, or the person says so. */
  goOn() {
    if (this.#coming) this.#follow(this.#coming);
  }

  #why(next) {
    if (next.state === "closed") return "closed";
    return next.locked && !this.stage.locked ? "locked" : "next";
  }

  #follow(next) {
    const asked = next.prompt !== this.stage.prompt && next.prompt;
    this.#coming = null;
    this.bar.hidden = true;
    this.stage = next;
    this.countdown.set(next);
    if (asked) this.#say(asked);
    this.onStage(next);
  }

  #show(seconds, paused) {
    this.time.hidden = seconds === null;
    if (seconds === null) return;
    const words = seconds ? (paused ? "paused" : "left") : "left0";
    const text = fillIn(this.time.dataset[words], { time: formatClock(seconds) });
    if (this.time.textContent !== text) this.time.textContent = text;
    this.time.classList.toggle("is-short", seconds <= 60 && !paused);
  }

  #say(words) {
    this.spoken.textContent = words;
  }
}
