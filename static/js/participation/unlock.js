// One's own card gets another text, or is taken back: in place, with the form that works without script too.

/**
 * @param {HTMLElement} board  where the forms are
 * @param {object} options
 * @param {(event: string, payload: object) => Promise<object>} options.ask  over the socket
 * @param {import("../live/ticket.js").Ticket} options.ticket  for plain HTTP, when there is none
 * @param {(card: number) => string} options.address
 * @param {(card: object) => void} options.show  a card as it is now
 * @param {string} options.noContact  what to say then
 */
export function unlockEditing(board, { ask, ticket, address, own, outbox, show, noContact }) {
  board.addEventListener("submit", async (event) => {
    if (event.target.dataset.do !== "edit") return;
    event.preventDefault();
    const form = event.target;
    const item = form.closest("[data-id]");
    const id = Number(item.dataset.id);
    const base = Number(item.dataset.seq);
    const withdraw = event.submitter?.dataset.do === "withdraw";
    const payload = withdraw ? { base } : { text: form.elements.text.value, base };
    let answer = await ask(withdraw ? "card:withdraw" : "card:edit", { id, ...payload });
    if (!answer.ok && answer.error.code === "no_contact") {
      answer = await ticket.send(withdraw ? "DELETE" : "PATCH", address(id), payload);
    }
    const complaint = form.querySelector("[data-part=error]");
    complaint.hidden = answer.ok;
    if (!answer.ok) {
      if (answer.error.card) show(answer.error.card);
      complaint.textContent = answer.error.fields?.text ?? answer.error.message ?? noContact;
    } else if (withdraw) {
      own.remove(item);
      if (item.dataset.uuid) outbox.forget([item.dataset]);
    } else {
      form.closest("details").open = false;
      item.querySelector(".idea__text").textContent = payload.text.trim();
      item.querySelector("summary").focus();
    }
  });
}
