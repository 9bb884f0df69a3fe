// Changes or withdraws one's own card in place, with the form that also works without script.

/**
 * @param {HTMLElement} board  holds the forms
 * @param {object} options
 * @param {(event: string, payload: object, http: object) => Promise<object>} options.request
 * @param {(card: number) => string} options.addressOf
 * @param {import("./own_cards.js").OwnCards} options.own
 * @param {import("../live/outbox.js").Outbox} options.outbox
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
