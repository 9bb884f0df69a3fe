// Orders the stages without the server: buttons move a stage in place, and its grip can be dragged. The form sends the
// order on the page, so saving needs nothing from here.

import Sortable from "../../vendor/sortable.js";
import { fillIn } from "../web/text.js";

const list = document.getElementById("stage-list");
const spoken = document.getElementById("stage-moved");

/** Number the stages anew, and announce where one of them went. */
function renumber(moved) {
  const items = [...list.children];
  for (const [place, item] of items.entries()) {
    item.querySelector("[data-part=number]").textContent = place + 1;
    item.querySelector("[data-move=up]").disabled = place === 0;
    item.querySelector("[data-move=down]").disabled = place === items.length - 1;
  }
  const name = moved.querySelector("[data-part=name]").textContent;
  spoken.textContent = fillIn(list.dataset.moved, {
    name,
    place: items.indexOf(moved) + 1,
    all: items.length,
  });
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("[data-stage]");
  const up = button.dataset.move === "up";
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (up) other.before(item);
  else other.after(item);
  renumber(item);
  // At the end of the list the button is disabled; focus goes to the other one.
  (button.disabled ? item.querySelector(`[data-move=${up ? "down" : "up"}]`) : button).focus();
  item.scrollIntoView({ block: "nearest" });
});

list.addEventListener("input", (event) => {
  if (!event.target.name.endsWith("-name")) return;
  const item = event.target.closest("[data-stage]");
  item.querySelector("[data-part=name]").textContent = event.target.value;
});

for (const grip of list.querySelectorAll("[data-part=grip]")) grip.hidden = false;
Sortable.create(list, {
  handle: "[data-part=grip]",
  forceFallback: true, // mouse and finger behave the same
  animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
  onEnd: ({ item }) => renumber(item),
});
