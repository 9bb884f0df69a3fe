// The projector view, which receives only what everyone may see. Cards come over the socket. Everything else is taken
// from the page as the server draws it now, so that the server alone decides what is shown.
import { cardStream, connect } from "../live/client.js";
import { Countdown, formatClock, ServerClock } from "../live/clock.js";
import { readCard } from "../live/drawing.js";
import { CardQueue } from "../live/queue.js";
import { Store } from "../live/store.js";
import { Wall } from "../live/wall.js";
import { countInWords } from "../web/text.js";
import { Pages } from "./pages.js";
import { createRefresher } from "./refresh.js";
import { chooseTheme } from "./theme.js";

const MAX_DRAWN = 40;
const LAST_MINUTE = 60;

const display = document.getElementById("display");
const linkState = document.getElementById("link-state");
const timer = document.getElementById("timer");
const held = document.getElementById("held");
const store = new Store();
const wall = new Wall(document.getElementById("wall"), {
  template: "card-template",
  counts: display.dataset.counts,
  max: MAX_DRAWN,
});
const pages = new Pages(
  wall.root,
  wall.columns().map(({ element }) => element),
  {
    place: document.getElementById("page-now"),
    hold: document.getElementById("hold"),
    words: display.dataset.page,
    older: display.dataset.older,
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
const refresher = createRefresher(display, () => pages.arrange());
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
  if (!before) pages.showNewest();
  if (card.dots) refresher.soon();
}

function receiveCards(cards) {
  for (const card of cards) queue.add(card, Boolean(store.get(card.id)));
  const total = wall.columns().reduce((sum, column) => sum + column.count, 0);
  // The first card, and the last one gone, change what is shown.
  if ((total === 0) !== (display.dataset.total === "0")) refresher.soon();
  display.dataset.total = total;
  pages.arrange();
}

connect({
  auth: () => ({ display: display.dataset.token }),
  epoch: display.dataset.epoch,
  clock,
  streams: [cardStream(Number(display.dataset.seq), receiveCards)],
  onEpoch: () => refresher.reload(),
  onLink(link) {
    linkState.textContent = linkState.dataset[link];
    linkState.classList.toggle("is-off", link !== "on");
  },
  on: {
    stage(stage) {
      countdown.set(stage);
      refresher.showStage(stage);
    },
  },
});
