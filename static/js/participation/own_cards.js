// The person's own cards: each shows its state and can be changed.
import { cloneTemplate, parseCard } from "../live/drawing.js";
import { fetchPage } from "../web/http.js";

export class OwnCards {
  #byId = new Map();
  #byUuid = new Map();

  constructor(list, form) {
    this.list = list;
    this.form = form;
    for (const item of list.children) {
      this.#byId.set(Number(item.dataset.id), item);
      this.#byUuid.set(item.dataset.uuid, item);
    }
  }

  has(card) {
    return this.#byId.has(card.id) || this.#byUuid.has(card.uuid);
  }

  /** Return the element of a card, known by its id or its uuid. */
  find(card) {
    return this.#byId.get(card.id) ?? this.#byUuid.get(card.uuid);
  }

  /** Show a card that was just written, from what was typed. Returns its element. */
  add(entry) {
    const known = this.#byUuid.get(entry.uuid);
    if (known) return known;
    const item = cloneTemplate("mine-template");
    const article = item.querySelector("[data-card]");
    article.querySelector(".idea__text").textContent = entry.text;
    const meta = article.querySelector(".idea__meta");
    const words = (name, value) =>
      value &&
      this.form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"] + span`)?.textContent;
    const area = words("area", entry.area);
    if (area) article.classList.add(`area-${entry.area}`);
    for (const [text, look] of [
      [area, "idea__area"],
      [words("kind", entry.kind), ""],
    ]) {
      if (text)
        meta.append(
          Object.assign(document.createElement("span"), { textContent: text.trim(), className: look }),
        );
    }
    this.#byUuid.set(entry.uuid, item);
    item.dataset.uuid = entry.uuid;
    this.list.prepend(item);
    this.list.closest("section").hidden = false;
    this.#showActions(item, false);
    this.setState(item, "saving");
    return item;
  }

  /** Show the state of a card; *words* replace the usual ones. */
  setState(item, state, words) {
    item.dataset.state = state;
    const place = item.querySelector("[data-part=state]");
    const text = words ?? this.list.dataset[state] ?? "";
    if (place.textContent !== text) place.textContent = text;
  }

  /** Show a refused card with its reason, and a button that gives its text back. */
  markRefused(item, reason) {
    this.setState(item, "refused", `${this.list.dataset.refused}: ${reason}`);
    if (item.querySelector("[data-do=take-back]")) return;
    const retry = document.getElementById("retry-template").content.cloneNode(true);
    item.querySelector(".held__foot").append(retry);
  }

  /** Mark a card as saved under *id*. Returns its element, or null when this page does not show it. */
  markSaved(uuid, id, seq) {
    const item = this.#byUuid.get(uuid);
    if (!item) return null;
    if (!id) {
      // Another tab has sent it. The server's own message says which card it became.
      this.setState(item, "shown");
      return item;
    }
    const drawn = this.#byId.get(id);
    if (drawn && drawn !== item) {
      this.#byUuid.set(uuid, drawn); // the page had it already
      item.remove();
      return drawn;
    }
    this.#byId.set(id, item);
    item.dataset.id = id;
    if (item.dataset.state !== "hidden") this.#showActions(item, true);
    if (!(Number(item.dataset.seq) > seq)) {
      item.dataset.seq = seq;
      if (["saving", "waiting", "refused"].includes(item.dataset.state)) this.setState(item, "shown");
    }
    return item;
  }

  /** Show an own card as it is now. */
  show(card) {
    const item = this.find(card);
    this.#byId.set(card.id, item);
    item.dataset.id = card.id;
    item.dataset.seq = card.seq;
    if (card.state === "withdrawn") {
      this.remove(item);
      return;
    }
    if (card.html) item.querySelector("[data-card]").replaceWith(parseCard(card.html));
    if (card.text !== undefined) {
      const box = item.querySelector("textarea");
      if (box && !box.closest("details").open) box.value = card.text;
    }
    this.#showActions(item, card.state !== "hidden" && card.state !== "merged");
    this.setState(item, card.state);
  }

  /** Show why a card was hidden. The reason stands on its author's page alone, so it is read from there. */
  async showHidingReason(card) {
    try {
      const page = await fetchPage();
      const words = page.querySelector(`#mine [data-id="${card.id}"] [data-part=state]`)?.textContent.trim();
      const item = this.find(card);
      if (words && item?.dataset.state === "hidden") this.setState(item, "hidden", words);
    } catch {
      // The short words stand until the page is opened again.
    }
  }

  remove(item) {
    this.#byId.delete(Number(item.dataset.id));
    this.#byUuid.delete(item.dataset.uuid);
    item.remove();
    this.list.closest("section").hidden = !this.list.children.length;
  }

  #showActions(item, on) {
    const actions = item.querySelector("[data-part=actions]");
    if (actions) actions.hidden = !on;
    if (!on && actions) actions.open = false;
    const box = actions?.querySelector("textarea");
    if (on && box && !actions.open) box.value = item.querySelector(".idea__text").textContent;
  }
}

/**
 * Change or withdraw an own card in place, with the form that also works without script.
 * @param {HTMLElement} board  holds the forms
 * @param {object} options
 * @param {(card: object) => void} options.show  shows a card as it is now
 * @param {string} options.noContact  the words for a change that did not get through
 */
export function unlockEditing(board, { request, addressOf, own, outbox, show, noContact }) {
  board.addEventListener("submit", async (event) => {
    if (event.target.dataset.do !== "edit") return;
    event.preventDefault();
    const form = event.target;
    const item = form.closest("[data-id]");
    const id = Number(item.dataset.id);
    const base = Number(item.dataset.seq);
    const withdraw = event.submitter?.dataset.do === "withdraw";
    const body = withdraw ? { base } : { text: form.elements.text.value, base };
    const answer = await request(
      withdraw ? "card:withdraw" : "card:edit",
      { id, ...body },
      { method: withdraw ? "DELETE" : "PATCH", url: addressOf(id), body },
    );
    const error = form.querySelector("[data-part=error]");
    error.hidden = answer.ok;
    if (!answer.ok) {
      if (answer.error.card) show(answer.error.card);
      error.textContent = answer.error.fields?.text ?? answer.error.message ?? noContact;
    } else if (withdraw) {
      own.remove(item);
      if (item.dataset.uuid) outbox.forget([item.dataset.uuid]);
    } else {
      form.closest("details").open = false;
      item.querySelector(".idea__text").textContent = body.text.trim();
      item.querySelector("summary").focus();
    }
  });
}
