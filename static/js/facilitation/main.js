// The facilitation screen: follows the cards, the stage and the people present.
import { CardList } from "../live/card_list.js";
import { cardStream, connect } from "../live/client.js";
import { Countdown, formatClock, ServerClock } from "../live/clock.js";
import { readCard } from "../live/drawing.js";
import { CardQueue } from "../live/queue.js";
import { Store } from "../live/store.js";
import { Ticket } from "../live/ticket.js";
import { Wall } from "../live/wall.js";
import { countInWords, createAnnouncer } from "../web/text.js";
import { FacilitationActions } from "./actions.js";
import { CardActions } from "./card_actions.js";
import { canTrim, loadOlderOnScroll } from "./older_cards.js";
import { SideList } from "./side_list.js";
import { enableMenus, enableProjectorPreview, enableViewSwitch } from "./views.js";

const MAX_LATEST = 12;
const MAX_DRAWN = 200;

const screen = document.getElementById("facilitation");
const linkState = document.getElementById("link-state");
const store = new Store();
const announce = createAnnouncer(document.getElementById("spoken"));
const pause = document.getElementById("pause");
const held = document.getElementById("held");
const queue = new CardQueue({
  isPaused: () => pause.checked || Boolean(screen.querySelector("[data-do=open][aria-expanded=true]")),
  show,
  onCount(n) {
    held.hidden = n === 0;
    if (n) held.textContent = countInWords(held, n);
  },
});
const cardActions = new CardActions(screen, {
  ask: (event, payload) => client.ask(event, payload),
  show,
  onIdle: () => queue.release(),
  onDone: () => actions.refresh(),
});
pause.addEventListener("change", () => queue.release());

const clock = new ServerClock();
const countdown = new Countdown(clock, { onTick: showTime, onMark: announceTime });
const actions = new FacilitationActions(screen, { onNew: readTimer, onCounts: updateCounts });
enableViewSwitch(screen);
enableMenus(screen);
enableProjectorPreview(document.getElementById("projector"), screen.dataset.csrf);
readTimer();

const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: screen.querySelector("[data-counts]").dataset.counts,
  max: MAX_DRAWN,
  canTrim,
});
const waiting = createSideList("waiting", {
  oldestFirst: true,
  onDraw: (item) => cardActions.addQuickAction(item),
});
const unseen = createSideList("held", { template: "incoming-template", oldestFirst: true });
const hidden = createSideList("hidden", { onDraw: (item) => cardActions.addQuickAction(item) });
const latest = screen.querySelector("[data-list=incoming]");
const incoming = new CardList(latest.querySelector("[data-part=cards]"), {
  template: "incoming-template",
  max: MAX_LATEST,
});

for (const item of screen.querySelectorAll("[data-id]")) store.put(readCard(item));
loadOlderOnScroll(wall, store);

function createSideList(name, options) {
  return new SideList(screen.querySelector(`[data-list=${name}]`), {
    max: MAX_DRAWN,
    // A fetched page may be older than what the socket has sent.
    isOld: (card) => store.get(card.id)?.seq > card.seq,
    onFetched: (card) => store.put(card) !== false && placeCard(card),
    ...options,
  });
}

function show(card) {
  const before = store.put(card);
  if (before === false) return;
  const isLatest = incoming.get(card.id) || !before || before.state !== "shown";
  placeCard(card);
  if (card.state === "shown" && isLatest) incoming.put(card);
  if (!before && ["shown", "pending", "held"].includes(card.state)) announce();
  latest.querySelector("[data-part=empty]").hidden = incoming.size > 0;
}

/** Put a card in the list it belongs to, and take it out of the others. */
function placeCard(card) {
  waiting.update(card, card.state === "pending");
  hidden.update(card, card.state === "hidden");
  unseen.update(card, card.state === "held");
  if (card.state === "shown") {
    wall.put(card);
  } else {
    wall.remove(card);
    incoming.take(card.id);
  }
}

/** Show how many cards wait, are held and are hidden, as the server counts them. */
function updateCounts({ pending, held, hidden: away }) {
  waiting.setCount(Number(pending));
  unseen.setCount(Number(held));
  hidden.setCount(Number(away));
}

function showStage(stage) {
  document.getElementById("question").textContent = stage.prompt;
  countdown.set(stage);
  if (screen.dataset.state !== stage.state) location.reload();
  else actions.refreshSoon();
}

/** Read the timer from the page, which has it before the socket does. */
function readTimer() {
  const step = screen.querySelector(".track [aria-current]");
  const track = document.getElementById("track");
  // The track may be wider than the tablet: scroll the current step into its middle.
  if (step)
    track.scrollLeft = step.offsetLeft - track.offsetLeft - (track.clientWidth - step.clientWidth) / 2;
  const { now, ends, left } = document.getElementById("timer").dataset;
  if (clock.now() === null) clock.set(Number(now));
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

const client = connect({
  auth: () => ({ meeting: Number(screen.dataset.meeting) }),
  ticket: new Ticket(screen),
  epoch: screen.dataset.epoch,
  clock,
  streams: [
    cardStream(Number(screen.dataset.seq), (cards) => {
      for (const card of cards) queue.add(card, Boolean(store.get(card.id)));
      actions.refreshSoon();
    }),
  ],
  onEpoch: () => location.reload(),
  onLink(link) {
    linkState.textContent = { off: linkState.dataset.offline, refused: linkState.dataset.gone }[link] ?? "";
  },
  on: {
    stage: showStage,
    presence({ online }) {
      document.getElementById("online").textContent = online;
      actions.refreshSoon();
    },
    acts({ seq }) {
      if (String(seq) === screen.dataset.logSeq) return;
      screen.dataset.logSeq = seq;
      actions.refresh();
    },
  },
});
