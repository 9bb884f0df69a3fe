// Follows the meeting's stage: the page becomes what the stage is, but never under somebody who writes.
import { Countdown, formatClock } from "../live/clock.js";
import { fillIn } from "../web/text.js";

/** The parts of a stage that change the page where somebody writes. */
const layoutOf = ({ state, id, prompt, write, hold, locked }) =>
  JSON.stringify([state, id, prompt, write, hold, locked]);

export class StageFollower {
  /** The stage that is held back while somebody writes. */
  #pending = null;

  /**
   * @param {object} options
   * @param {object} options.stage  as the page was drawn, in the form of the contract
   * @param {import("../live/clock.js").ServerClock} options.clock
   * @param {() => boolean} options.isBusy  is somebody in the middle of a thought?
   * @param {(stage: object) => void} options.onStage  shows a stage
   */
  constructor({ stage, clock, isBusy, onStage }) {
    this.stage = stage;
    this.isBusy = isBusy;
    this.onStage = onStage;
    this.bar = document.getElementById("stage-bar");
    this.words = this.bar.querySelector("span");
    this.time = document.getElementById("timer");
    this.spoken = document.getElementById("spoken-stage");
    this.countdown = new Countdown(clock, {
      onTick: (seconds, paused) => this.#showTime(seconds, paused),
      onMark: (seconds) => this.#announce(this.time.dataset[`left${seconds / 60}`]),
    });
    document.getElementById("stage-go").addEventListener("click", () => this.proceed());
    this.countdown.set(stage);
  }

  /** Show the stage that the server sent, or hold it back with a bar that says so. */
  follow(next) {
    if (this.isBusy() && layoutOf(next) !== layoutOf(this.stage)) {
      this.#pending = next;
      this.words.textContent = this.words.dataset[this.#reasonFor(next)];
      this.bar.hidden = false;
      // The time of a stage that is not shown yet says nothing.
      this.countdown.set(next.id === this.stage.id ? next : {});
    } else this.#show(next);
  }

  /** Show the stage that was held back: the thought is written, or the person asks for it. */
  proceed() {
    if (this.#pending) this.#show(this.#pending);
  }

  #reasonFor(next) {
    if (next.state === "closed") return "closed";
    return next.locked && !this.stage.locked ? "locked" : "next";
  }

  #show(next) {
    const newPrompt = next.prompt !== this.stage.prompt && next.prompt;
    this.#pending = null;
    this.bar.hidden = true;
    this.stage = next;
    this.countdown.set(next);
    if (newPrompt) this.#announce(newPrompt);
    this.onStage(next);
  }

  #showTime(seconds, paused) {
    this.time.hidden = seconds === null;
    if (seconds === null) return;
    const words = seconds ? (paused ? "paused" : "left") : "left0";
    const text = fillIn(this.time.dataset[words], { time: formatClock(seconds) });
    if (this.time.textContent !== text) this.time.textContent = text;
    this.time.classList.toggle("is-short", seconds <= 60 && !paused);
  }

  #announce(words) {
    this.spoken.textContent = words;
  }
}
