// The box one writes in: counts, warns, keeps the draft, and hands over a card.
import { fillIn, newUuid, normalizeText } from "../web/text.js";
import { looksPersonal } from "./personal.js";

/** The count is shown when so little is left. */
const COUNT_FROM = 100;

export class CardForm {
  /**
   * @param {((card: import("./payload.js").Thought) => void) | null} onCard  null: the
   *   form goes out as it is, for the first card of a passer-by, who joins with it
   */
  constructor(form, { draft, most, saved, onCard }) {
    this.element = form;
    this.text = form.elements.text;
    this.error = document.getElementById("text-error");
    this.count = document.getElementById("count");
    this.warning = document.getElementById("personal");
    this.sent = document.getElementById("sent");
    this.send = document.getElementById("send");
    this.sendWords = this.send.textContent;
    this.draft = draft;
    this.most = most;
    this.onCard = onCard;
    if (saved) {
      // Said once: a reload later on must not forget what is being written then.
      this.draft.forget();
      history.replaceState(null, "", location.pathname + location.hash);
    }
    this.#restore(this.draft.read());
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("input", () => this.#changed());
    // The second tap of a double tap is no wish of its own: least of all to send in spite of a warning.
    this.send.addEventListener("click", (event) => {
      if (event.detail > 1) event.preventDefault();
    });
    // Enter is a new line in a text; with Ctrl it sends.
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.#changed();
    // What a tab left that was closed or broke down in the middle of a thought.
    if (!this.text.value) {
      this.draft.inherit().then((left) => {
        if (!left || this.text.value) return;
        this.#restore(left);
        this.#changed();
      });
    }
  }

  /** Is somebody in the middle of a thought? */
  get busy() {
    return !this.element.hidden && normalizeText(this.text.value) !== "";
  }

  /** How it went with what was sent last, beside the button: the card itself may lie below the screen. */
  tell(words, state) {
    this.sent.hidden = !words;
    this.sent.dataset.state = state;
    if (this.sent.textContent !== words) this.sent.textContent = words;
  }

  /** Put a text back into the box, before what is already there. */
  take(text) {
    const old = normalizeText(this.text.value);
    this.text.value = old ? `${text}\n${old}` : text;
    this.#changed();
    this.text.focus();
  }

  #length() {
    return [...normalizeText(this.text.value)].length;
  }

  #changed() {
    const left = this.most - this.#length();
    this.count.hidden = left > COUNT_FROM;
    this.count.textContent = fillIn(this.count.dataset.left, { left });
    this.count.classList.toggle("is-over", left < 0);
    this.#complain("");
    this.#warn(false);
    if (this.text.value) this.tell("", "");
    this.#keep();
  }

  #complain(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
    if (words) this.text.setAttribute("aria-invalid", "true");
    else this.text.removeAttribute("aria-invalid");
  }

  #warn(on) {
    this.warning.hidden = !on;
    this.send.textContent = on ? this.send.dataset.again : this.sendWords;
    if (on) this.warning.scrollIntoView({ block: "center" }); // on a small phone it would lie under the button
  }

  #submit(event) {
    const text = normalizeText(this.text.value);
    const over = this.#length() - this.most;
    const wrong = !text || over > 0;
    const warn = !wrong && this.warning.hidden && looksPersonal(text);
    // Without script nothing but the browser's own error page would come of it.
    const cut = !this.onCard && navigator.onLine === false;
    if (wrong || warn || cut || this.onCard) event.preventDefault();
    if (wrong) {
      // Nothing to say when a card has just gone and the box is empty because of it.
      if (text || this.sent.hidden)
        this.#complain(text ? fillIn(this.error.dataset.long, { over }) : this.error.dataset.empty);
      this.text.focus();
      return;
    }
    if (warn) this.#warn(true);
    if (cut && !warn) this.tell(this.sent.dataset.offline, "waiting");
    if (warn || !this.onCard) return;
    const { area, kind, stands_for: stands } = this.element.elements;
    this.onCard({
      uuid: newUuid(),
      text,
      area: area?.value ?? "",
      kind: kind?.value ?? "",
      stands: stands?.value ?? "",
    });
    this.text.value = "";
    // The area stays, in view; the kind may be folded away, and would go along unseen.
    const unsure = this.element.querySelector('input[name="kind"][value=""]');
    if (unsure) unsure.checked = true; // a RadioNodeList does not take "" as a value
    // The next thought of a table is somebody's own until they say otherwise.
    if (stands) stands.value = "1";
    this.#changed();
    this.text.focus({ preventScroll: true });
  }

  #keep() {
    const { area, kind } = this.element.elements;
    this.draft.write({ text: this.text.value, area: area?.value ?? "", kind: kind?.value ?? "" });
  }

  #restore(draft) {
    if (!draft || this.text.value) return;
    this.text.value = draft.text ?? "";
    for (const name of ["area", "kind"]) {
      const field = this.element.elements[name];
      if (field && [...(field.length ? field : [field])].some((option) => option.value === draft[name])) {
        field.value = draft[name];
      }
    }
  }
}
