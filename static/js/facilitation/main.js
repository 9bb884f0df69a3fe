// The moderator's room, live.
import { CardList } from "../live/card_list.js";
import { Countdown, formatClock, ServerClock } from "../live/clock.js";
import { readCard } from "../live/drawing.js";
import { CardQueue } from "../live/queue.js";
import { connectStaff } from "../live/staff.js";
import { Store } from "../live/store.js";
import { Wall } from "../live/wall.js";
import { createAnnouncer } from "../web/dom.js";
import { countInWords } from "../web/text.js";
import { FacilitationActions } from "./actions.js";
import { CardActions } from "./card_actions.js";
import { canTrim, loadOlderOnScroll } from "./older_cards.js";
import { SideList } from "./side_list.js";
import { enableMenus, enableProjectorPreview, enableViewSwitch } from "./views.js";

const LATEST = 12;
const DRAWN = 200;

const room = document.getElementById("facilitation");
const linkState = document.getElementById("link-state");
const store = new Store();
const speak = createAnnouncer(document.getElementById("spoken"));
const pause = document.getElementById("pause");
const held = document.getElementById("held");
const queue = new CardQueue({
  isPaused: () => pause.checked || Boolean(room.querySelector("[data-do=open][aria-expanded=true]")),
  show,
  onCount(n) {
    held.hidden = n === 0;
    if (n) held.textContent = countInWords(held, n);
  },
});
const cardActions = new CardActions(room, {
  ask: (event, payload) => client.ask(event, payload),
  show,
  onIdle: () => queue.release(),
  onDone: () => actions.now(),
});
pause.addEventListener("change", () => queue.release());

const clock = new ServerClock();
const countdown = new Countdown(clock, { onTick: showTime, onMark: announceTime });
const actions = new FacilitationActions(room, { onNew: readTimer, onCounts: updateCounts });
enableViewSwitch(room);
enableMenus(room);
enableProjectorPreview(document.getElementById("projector"), room.dataset.csrf);
readTimer();

const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: room.querySelector("[data-counts]").dataset.counts,
  most: DRAWN,
  canTrim,
});
const waiting = createSideList("waiting", {
  oldestFirst: true,
  onDraw: (item) => cardActions.addQuickAction(item),
});
const unseen = createSideList("held", { template: "incoming-template", oldestFirst: true });
const hidden = createSideList("hidden", { onDraw: (item) => cardActions.addQuickAction(item) });
const latest = room.querySelector("[data-list=incoming]");
const incoming = new CardList(latest.querySelector("[data-part=cards]"), {
  template: "incoming-template",
  most: LATEST,
});

for (const item of room.querySelectorAll("[data-id]")) store.put(readCard(item));
loadOlderOnScroll(wall, store);

function createSideList(name, options) {
  return new SideList(room.querySelector(`[data-list=${name}]`), {
    most: DRAWN,
    // The page may tell it after a change or before it; then the change is nothing new.
    isOld: (card) => store.get(card.id)?.seq > card.seq,
    onFetched: (card) => store.put(card) !== false && placeCard(card),
    ...options,
  });
}

function show(card) {
  const before = store.put(card);
  if (before === false) return;
  const again = incoming.get(card.id) || !before || before.state !== "shown";
  placeCard(card);
  if (card.state === "shown" && again) incoming.put(card);
  if (!before && ["shown", "pending", "held"].includes(card.state)) speak();
  latest.querySelector("[data-part=empty]").hidden = incoming.size > 0;
}

/** Where a card lies in the room, and where no longer. */
function placeCard(card) {
  waiting.place(card, card.state === "pending");
  hidden.place(card, card.state === "hidden");
  unseen.place(card, card.state === "held");
  if (card.state === "shown") {
    wall.put(card);
  } else {
    wall.remove(card);
    incoming.take(card.id);
  }
}

/** How many there are at the sides, as the server counts them. */
function updateCounts({ pending, held, hidden: away }) {
  waiting.set(Number(pending));
  unseen.set(Number(held));
  hidden.set(Number(away));
}

function stageChanged(stage) {
  document.getElementById("question").textContent = stage.prompt;
  countdown.set(stage);
  if (room.dataset.state !== stage.state) location.reload();
  else actions.soon();
}

/** The timer as the page has it: also before the socket has said a word. */
function readTimer() {
  const step = room.querySelector(".track [aria-current]");
  const track = document.getElementById("track");
  // Lying down, the track may be wider than the tablet: now is in the middle of it.
  if (step)
    track.scrollLeft = step.offsetLeft - track.offsetLeft - (track.clientWidth - step.clientWidth) / 2;
  const { now, ends, left } = document.getElementById("timer").dataset;
  if (clock.now() === null) clock.hear(Number(now));
  countdown.set({ ends_at: ends ? Number(ends) : null, left: left ? Number(left) : null });
}

function showTime(seconds) {
  const timer = document.getElementById("timer");
  const place = timer.querySelector("[data-part=left]");
  if (!place || seconds === null) return;
  place.textContent = formatClock(seconds);
  place.classList.toggle("is-over", seconds === 0);
  if (seconds === 0) timer.querySelector("[data-part=words]").textContent = timer.dataset.over;
}

function announceTime(seconds) {
  const words = document.getElementById("spoken-time");
  words.textContent = words.dataset[`at${seconds}`];
}

const client = connectStaff(room, {
  clock,
  onCards(cards) {
    for (const card of cards) queue.add(card, Boolean(store.get(card.id)));
    actions.soon();
  },
  onEpoch: () => location.reload(),
  onStage: stageChanged,
  onPresence(presence) {
    document.getElementById("online").textContent = presence.online;
    actions.soon();
  },
  on: {
    acts({ seq }) {
      if (String(seq) === room.dataset.logSeq) return;
      room.dataset.logSeq = seq;
      actions.now();
    },
  },
  onLink(link) {
    linkState.textContent = { off: linkState.dataset.offline, refused: linkState.dataset.gone }[link] ?? "";
  },
});
