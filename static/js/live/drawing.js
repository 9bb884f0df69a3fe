// Makes elements from templates and drawn cards, and reads cards back from them.

/** Return the element of a drawn card. The HTML is the server's own, in which everything people wrote is escaped. */
export function parseCard(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-card]");
}

/** So many code points of a card name its controls. */
const NAME_LENGTH = 60;

/** Draw a card in its frame, and name its controls by its first words: «Hantera kortet: Fler bänkar». */
export function drawCard(item, html) {
  const drawn = parseCard(html);
  item.querySelector("[data-card]").replaceWith(drawn);
  const text = [...drawn.querySelector(".idea__text").textContent];
  const name =
    text.length > NAME_LENGTH
      ? `${text
          .slice(0, NAME_LENGTH - 1)
          .join("")
          .trimEnd()}…`
      : text.join("");
  for (const handle of item.querySelectorAll("[data-names]")) {
    handle.setAttribute("aria-label", `${handle.dataset.names}: ${name}`);
  }
}

/** Animate the arrival of an element, once: when it is hidden and shown again later it must not move. */
export function highlightArrival(item) {
  item.classList.add("arrived");
  setTimeout(() => item.classList.remove("arrived"), 1000);
}

/** Return what the page already shows of a card, in the form of the contract. */
export function readCard(item) {
  const { id, seq, state, area } = item.dataset;
  return { id: Number(id), seq: Number(seq), state, area: area ? Number(area) : null, html: "" };
}

/** Return a copy of the first element of a <template>. */
export function cloneTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
