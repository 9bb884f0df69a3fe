// Following the evening: the screen becomes what the stage is, but never under somebody who writes.

export class Evening {
  #coming = null;

  /**
   * @param {object} options
   * @param {object} options.stage  where the page was drawn
   * @param {() => boolean} options.busy  is somebody in the middle of a thought?
   * @param {(stage: object) => void} options.onStage  be that stage now
   */
  constructor({ stage, busy, onStage }) {
    this.stage = stage;
    this.busy = busy;
    this.onStage = onStage;
    this.bar = document.getElementById("stage-bar");
    this.words = this.bar.querySelector("span");
    document.getElementById("stage-go").addEventListener("click", () => this.goOn());
  }

  /** The server says where the meeting is. */
  hear(next) {
    const moved = next.state !== this.stage.state || next.id !== this.stage.id;
    if ((moved || this.#coming) && this.busy()) {
      this.#coming = next;
      this.words.textContent = next.state === "closed" ? this.words.dataset.closed : this.words.dataset.next;
      this.bar.hidden = false;
    } else this.#follow(next);
  }

  /** The thought is written, or the person says so. */
  goOn() {
    if (this.#coming) this.#follow(this.#coming);
  }

  #follow(next) {
    this.#coming = null;
    this.bar.hidden = true;
    this.stage = next;
    this.onStage(next);
  }
}
