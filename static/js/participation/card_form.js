// The form for a card: counts characters, warns about personal data, keeps the draft, and hands over the card.
import { fillIn, newUuid, normalizeText } from "../web/text.js";
import { looksPersonal } from "./personal.js";

/** The count is shown when no more characters than this are left. */
const COUNT_FROM = 100;

export class CardForm {
  /**
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {import("./draft.js").Draft} options.draft
   * @param {number} options.max  the longest text, in code points
   * @param {boolean} options.saved  the page answers a card sent without script, so its draft is done with
   * @param {((card: import("./draft.js").Thought) => void) | null} options.onCard  null: the form is sent as it is,
   *   with the first card of a passer-by, who joins with it
   */
  constructor(form, { draft, max, saved, onCard }) {
    this.element = form;
    this.text = form.elements.text;
    this.error = document.getElementById("text-error");
    this.count = document.getElementById("count");
    this.warning = document.getElementById("personal");
    this.sent = document.getElementById("sent");
    this.send = document.getElementById("send");
    this.sendWords = this.send.textContent;
    this.draft = draft;
    this.max = max;
    this.onCard = onCard;
    if (saved) {
      // The address is changed too: a reload later on must not forget what is being written then.
      this.draft.forget();
      history.replaceState(null, "", location.pathname + location.hash);
    }
    this.#restore(this.draft.read());
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("input", () => this.#update());
    // The second tap of a double tap is not meant: least of all as a wish to send in spite of a warning.
    this.send.addEventListener("click", (event) => {
      if (event.detail > 1) event.preventDefault();
    });
    // Enter starts a new line; with Ctrl it sends.
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.#update();
    // A tab that was closed or crashed may have left a draft.
    if (!this.text.value) {
      this.draft.inherit().then((left) => {
        if (!left || this.text.value) return;
        this.#restore(left);
        this.#update();
      });
    }
  }

  /** Is somebody in the middle of a thought? */
  get isBusy() {
    return !this.element.hidden && normalizeText(this.text.value) !== "";
  }

  /** Show the state of the card sent last beside the button: the card itself may lie below the screen. */
  showState(words, state) {
    this.sent.hidden = !words;
    this.sent.dataset.state = state;
    if (this.sent.textContent !== words) this.sent.textContent = words;
  }

  /** Put a text back into the box, before what is already there. */
  insert(text) {
    const old = normalizeText(this.text.value);
    this.text.value = old ? `${text}\n${old}` : text;
    this.#update();
    this.text.focus();
  }

  #length() {
    return [...normalizeText(this.text.value)].length;
  }

  #update() {
    const left = this.max - this.#length();
    this.count.hidden = left > COUNT_FROM;
    this.count.textContent = fillIn(this.count.dataset.left, { left });
    this.count.classList.toggle("is-over", left < 0);
    this.#showError("");
    this.#setWarning(false);
    if (this.text.value) this.showState("", "");
    this.#saveDraft();
  }

  #showError(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
    if (words) this.text.setAttribute("aria-invalid", "true");
    else this.text.removeAttribute("aria-invalid");
  }

  #setWarning(on) {
    this.warning.hidden = !on;
    this.send.textContent = on ? this.send.dataset.again : this.sendWords;
    if (on) this.warning.scrollIntoView({ block: "center" }); // on a small phone it would lie under the button
  }

  #submit(event) {
    const text = normalizeText(this.text.value);
    const over = this.#length() - this.max;
    const wrong = !text || over > 0;
    const warn = !wrong && this.warning.hidden && looksPersonal(text);
    // Sent without network, the form would lead to nothing but the browser's error page.
    const cut = !this.onCard && navigator.onLine === false;
    if (wrong || warn || cut || this.onCard) event.preventDefault();
    if (wrong) {
      // An empty box right after a card was sent is no mistake.
      if (text || this.sent.hidden)
        this.#showError(text ? fillIn(this.error.dataset.long, { over }) : this.error.dataset.empty);
      this.text.focus();
      return;
    }
    if (warn) this.#setWarning(true);
    if (cut && !warn) this.showState(this.sent.dataset.offline, "waiting");
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
    // The area stays, for it is in view. The kind may be folded away and would be sent unseen.
    const unsure = this.element.querySelector('input[name="kind"][value=""]');
    if (unsure) unsure.checked = true; // a RadioNodeList does not take "" as a value
    // A table's next card stands for one person until they choose otherwise.
    if (stands) stands.value = "1";
    this.#update();
    this.text.focus({ preventScroll: true });
  }

  #saveDraft() {
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
