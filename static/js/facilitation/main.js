// The moderator's room, live.
import { CardList } from "../live/cardlist.js";
import { asClock, Countdown, ServerClock } from "../live/clock.js";
import { cardOnPage, counted, speaker } from "../live/dom.js";
import { Gate } from "../live/queue.js";
import { connectStaff } from "../live/staff.js";
import { Store } from "../live/store.js";
import { Wall } from "../live/wall.js";
import { Leading } from "./actions.js";
import { Acts } from "./activity_log.js";
import { mayTrim, readToTheEnd } from "./older.js";
import { Side } from "./side_list.js";
import { menus, projectorCopy, viewSwitch } from "./views.js";

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
  onDone: () => leading.now(),
});
pause.addEventListener("change", () => gate.check());

const clock = new ServerClock();
const countdown = new Countdown(clock, { onTick: showTime, onMark: sayTime });
const leading = new Leading(room, { onNew: readTimer, onCounts: recount });
viewSwitch(room);
menus(room);
projectorCopy(document.getElementById("projector"), room.dataset.csrf);
readTimer();

const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: room.querySelector("[data-counts]").dataset.counts,
  most: DRAWN,
  mayTrim,
});
const waiting = side("waiting", { oldestFirst: true, onDraw: (item) => acts.quick(item) });
const unseen = side("held", { template: "incoming-template", oldestFirst: true });
const hidden = side("hidden", { onDraw: (item) => acts.quick(item) });
const latest = room.querySelector("[data-list=incoming]");
const incoming = new CardList(latest.querySelector("[data-part=cards]"), {
  template: "incoming-template",
  most: LATEST,
});

for (const item of room.querySelectorAll("[data-id]")) store.put(cardOnPage(item));
readToTheEnd(wall, store);

function side(name, options) {
  return new Side(room.querySelector(`[data-list=${name}]`), {
    most: DRAWN,
    // The page may tell it after a change or before it; then the change is nothing new.
    isOld: (card) => store.get(card.id)?.seq > card.seq,
    onFetched: (card) => store.put(card) !== false && arrange(card),
    ...options,
  });
}

function show(card) {
  const before = store.put(card);
  if (before === false) return;
  const again = incoming.get(card.id) || !before || before.state !== "shown";
  arrange(card);
  if (card.state === "shown" && again) incoming.put(card);
  if (!before && ["shown", "pending", "held"].includes(card.state)) speak();
  latest.querySelector("[data-part=empty]").hidden = incoming.size > 0;
}

/** Where a card lies in the room, and where no longer. */
function arrange(card) {
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
function recount({ pending, held, hidden: away }) {
  waiting.set(Number(pending));
  unseen.set(Number(held));
  hidden.set(Number(away));
}

function stageChanged(stage) {
  document.getElementById("question").textContent = stage.prompt;
  countdown.set(stage);
  if (room.dataset.state !== stage.state) location.reload();
  else leading.soon();
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
  place.textContent = asClock(seconds);
  place.classList.toggle("is-over", seconds === 0);
  if (seconds === 0) timer.querySelector("[data-part=words]").textContent = timer.dataset.over;
}

function sayTime(seconds) {
  const words = document.getElementById("spoken-time");
  words.textContent = words.dataset[`at${seconds}`];
}

const client = connectStaff(room, {
  clock,
  onCards(cards) {
    for (const card of cards) gate.pass(card, Boolean(store.get(card.id)));
    leading.soon();
  },
  onEpoch: () => location.reload(),
  onStage: stageChanged,
  onPresence(presence) {
    document.getElementById("online").textContent = presence.online;
    leading.soon();
  },
  on: {
    acts({ seq }) {
      if (String(seq) === room.dataset.acts) return;
      room.dataset.acts = seq;
      leading.now();
    },
  },
  onLink(link) {
    linkState.textContent = { off: linkState.dataset.offline, refused: linkState.dataset.gone }[link] ?? "";
  },
});
