// The projector, live. It is told only what everyone may see.
import { connect } from "../live/client.js";
import { cardOnPage, counted } from "../live/dom.js";
import { Gate } from "../live/gate.js";
import { Store } from "../live/store.js";
import { Wall } from "../live/wall.js";
import { Pages } from "./pages.js";

const DRAWN = 40;

const hall = document.getElementById("display");
const linkState = document.getElementById("link-state");
const store = new Store();
const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: hall.dataset.counts,
  most: DRAWN,
});
const lanes = wall.columns().map(({ element }) => element);
const pages = new Pages(wall.root, lanes, {
  place: document.getElementById("page-now"),
  hold: document.getElementById("hold"),
  words: hall.dataset.page,
  onHold: () => arrive([]),
});
const held = document.getElementById("held");
const gate = new Gate({
  closed: () => pages.held,
  show,
  onCount(n) {
    held.textContent = n ? counted(held, n) : "";
  },
});

for (const item of wall.root.querySelectorAll("[data-id]")) store.put(cardOnPage(item));

function show(card) {
  if (store.put(card) === false) return;
  if (card.state === "shown" && "html" in card) wall.put(card);
  else wall.remove(card);
}

function arrive(cards) {
  for (const card of cards) gate.pass(card, Boolean(store.get(card.id)));
  gate.check();
  const empty = lanes.every((lane) => Number(lane.dataset.count) === 0);
  hall.classList.toggle("is-empty", empty);
  pages.arrange();
}

connect({
  auth: { display: hall.dataset.token },
  seq: Number(hall.dataset.seq),
  epoch: hall.dataset.epoch,
  onCards: arrive,
  onEpoch: () => location.reload(),
  onStage(stage) {
    if (String(stage.id ?? "") !== hall.dataset.stage || stage.state !== hall.dataset.state)
      location.reload();
  },
  onLink(link) {
    linkState.textContent = linkState.dataset[link];
    linkState.classList.toggle("is-off", link !== "on");
  },
});
