// Small helpers between cards and the page.

/** The drawn card. The HTML is the server's own partial, where everything people wrote is escaped. */
export function parseCard(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-card]");
}

/** How much of a card names what one does with it, in code points. */
const NAME = 60;

/** Draw a card in its frame. What one can do with it is named by its first words: «Hantera kortet: Fler bänkar». */
export function drawCard(item, html) {
  const drawn = parseCard(html);
  item.querySelector("[data-card]").replaceWith(drawn);
  const text = [...drawn.querySelector(".idea__text").textContent];
  const name =
    text.length > NAME
      ? `${text
          .slice(0, NAME - 1)
          .join("")
          .trimEnd()}…`
      : text.join("");
  for (const handle of item.querySelectorAll("[data-names]")) {
    handle.setAttribute("aria-label", `${handle.dataset.names}: ${name}`);
  }
}

/** Let an element be seen to arrive, once: hidden and shown again later it must not move. */
export function highlightArrival(item) {
  item.classList.add("arrived");
  setTimeout(() => item.classList.remove("arrived"), 1000);
}

/** What the page already shows of a card, in the shape of the contract. */
export function readCard(item) {
  const { id, seq, state, area } = item.dataset;
  return { id: Number(id), seq: Number(seq), state, area: area ? Number(area) : null, html: "" };
}
