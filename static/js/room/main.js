// The moderator's room, live.
import { CardList } from "../live/cardlist.js";
import { connect } from "../live/client.js";
import { cardOnPage, counted, speaker } from "../live/dom.js";
import { Gate } from "../live/gate.js";
import { freshPage } from "../live/http.js";
import { Store } from "../live/store.js";
import { Wall } from "../live/wall.js";
import { Acts } from "./acts.js";
import { mayTrim, readToTheEnd } from "./older.js";

const LATEST = 12;
const DRAWN = 200;

const room = document.getElementById("room");
const linkState = document.getElementById("link-state");
const store = new Store();
const speak = speaker(document.getElementById("spoken"));
const pause = document.getElementById("pause");
const held = document.getElementById("held");
const gate = new Gate({
  closed: () => pause.checked || Boolean(room.querySelector("[data-do=open][aria-expanded=true]")),
  show,
  onCount(n) {
    held.hidden = n === 0;
    if (n) held.textContent = counted(held, n);
  },
});
const acts = new Acts(room, {
  ask: (event, payload) => client.ask(event, payload),
  show,
  onIdle: () => gate.check(),
});
pause.addEventListener("change", () => gate.check());

const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: room.querySelector("[data-counts]").dataset.counts,
  most: DRAWN,
  mayTrim,
});
const waiting = side("waiting", { oldestFirst: true, onDraw: (item) => acts.quick(item) });
const incoming = side("incoming", { most: LATEST });
const hidden = side("hidden", { onDraw: (item) => acts.quick(item) });

for (const item of room.querySelectorAll("[data-id]")) store.put(cardOnPage(item));
readToTheEnd(wall, store);

function side(name, options) {
  const section = room.querySelector(`[data-list=${name}]`);
  const list = new CardList(section.querySelector("[data-part=cards]"), {
    template: "card-template",
    ...options,
  });
  return { section, list };
}

function show(card) {
  const before = store.put(card);
  if (before === false) return;
  place(waiting, card, card.state === "pending");
  place(hidden, card, card.state === "hidden");
  if (card.state === "shown") {
    wall.put(card);
    if (incoming.list.get(card.id) || !before || before.state !== "shown") incoming.list.put(card);
    if (!before) speak();
  } else {
    wall.remove(card);
    incoming.list.take(card.id);
    if (!before && card.state === "pending") speak();
  }
  incoming.section.querySelector("[data-part=empty]").hidden = incoming.list.size > 0;
}

function place({ section, list }, card, belongs) {
  if (belongs) list.put(card);
  else list.take(card.id);
  section.hidden = list.size === 0;
  section.querySelector("[data-part=count]").textContent = list.size;
}

async function stageChanged(stage) {
  if (String(stage.id ?? "") === room.dataset.stage && room.dataset.state === stage.state) return;
  room.dataset.state = stage.state;
  room.dataset.stage = stage.id ?? "";
  document.getElementById("question").textContent = stage.prompt;
  const page = await freshPage();
  for (const id of ["room-track", "room-next"]) {
    document.getElementById(id).replaceWith(page.getElementById(id));
  }
}

const client = connect({
  auth: { meeting: Number(room.dataset.meeting) },
  seq: Number(room.dataset.seq),
  epoch: room.dataset.epoch,
  onCards(cards) {
    for (const card of cards) gate.pass(card, Boolean(store.get(card.id)));
  },
  onEpoch: () => location.reload(),
  onStage: stageChanged,
  onPresence(presence) {
    document.getElementById("devices").textContent = presence.online;
  },
  onLink(link) {
    linkState.textContent = { off: linkState.dataset.offline, refused: linkState.dataset.gone }[link] ?? "";
  },
});
