// The projector, live. It is told only what everyone may see. Cards come over the socket; what else has changed is
// taken from the page as the server draws it now, so that the server alone decides what is shown.
import { connect } from "../live/client.js";
import { Countdown, formatClock, ServerClock } from "../live/clock.js";
import { readCard } from "../live/drawing.js";
import { CardQueue } from "../live/queue.js";
import { Store } from "../live/store.js";
import { Wall } from "../live/wall.js";
import { countInWords } from "../web/text.js";
import { Pages } from "./pages.js";
import { createRefresher } from "./refresh.js";
import { chooseTheme } from "./theme.js";

const DRAWN = 40;
const LAST_MINUTE = 60;

const hall = document.getElementById("display");
const linkState = document.getElementById("link-state");
const timer = document.getElementById("timer");
const held = document.getElementById("held");
const store = new Store();
const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: hall.dataset.counts,
  most: DRAWN,
});
const pages = new Pages(
  wall.root,
  wall.columns().map(({ element }) => element),
  {
    place: document.getElementById("page-now"),
    hold: document.getElementById("hold"),
    words: hall.dataset.page,
    older: hall.dataset.older,
    onHold: () => queue.release(),
  },
);
const queue = new CardQueue({
  isPaused: () => pages.held,
  show,
  onCount(n) {
    held.textContent = n ? countInWords(held, n) : "";
  },
});
const refresher = createRefresher(hall, () => pages.arrange());
const clock = new ServerClock();
const countdown = new Countdown(clock, {
  onTick(seconds, paused) {
    timer.hidden = seconds === null;
    if (seconds === null) return;
    timer.textContent = paused
      ? `${timer.dataset.paused} ${formatClock(seconds)}`
      : seconds
        ? formatClock(seconds)
        : timer.dataset.up;
    timer.classList.toggle("is-last", seconds <= LAST_MINUTE);
  },
});

chooseTheme(document.getElementById("theme"));
for (const item of wall.root.querySelectorAll("[data-id]")) store.put(readCard(item));

function show(card) {
  const before = store.put(card);
  if (before === false) return;
  if (card.state === "shown" && "html" in card) wall.put(card);
  else wall.remove(card);
  if (!before) pages.arrived();
  if (card.dots) refresher.soon();
}

function receiveCards(cards) {
  for (const card of cards) queue.add(card, Boolean(store.get(card.id)));
  const total = wall.columns().reduce((sum, column) => sum + column.count, 0);
  // The first card, and the last one gone, change what is shown.
  if ((total === 0) !== (hall.dataset.total === "0")) refresher.soon();
  hall.dataset.total = total;
  pages.arrange();
}

connect({
  auth: { display: hall.dataset.token },
  seq: Number(hall.dataset.seq),
  epoch: hall.dataset.epoch,
  clock,
  onCards: receiveCards,
  onEpoch: () => refresher.whole(),
  onStage(stage) {
    countdown.set(stage);
    refresher.unless(stage);
  },
  onLink(link) {
    linkState.textContent = linkState.dataset[link];
    linkState.classList.toggle("is-off", link !== "on");
  },
});
