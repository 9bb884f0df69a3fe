// The participant's page: sends its forms without leaving it, and follows the meeting.
import { cardStream, connect } from "../live/client.js";
import { ServerClock } from "../live/clock.js";
import { readCard } from "../live/drawing.js";
import { Outbox } from "../live/outbox.js";
import { Store } from "../live/store.js";
import { Ticket } from "../live/ticket.js";
import { createAnnouncer } from "../web/text.js";
import { CardForm } from "./card_form.js";
import { cardPayload, Draft } from "./draft.js";
import { Notices, ReadMarkers } from "./notices.js";
import { OtherCards } from "./other_cards.js";
import { OwnCards, unlockEditing } from "./own_cards.js";
import { StageFollower } from "./stage.js";
import { Votes } from "./votes.js";

/** The page is cached so many ms after the first card, or after it was opened. */
const [AFTER_CARD, AFTER_OPENING] = [1000, 6000];
/** Everyone in a hall opens the page at once; so many ms spread their requests out. */
const CACHING_SPREAD = 4000;
/** A question of more characters is set smaller, here as on the server. */
const LONG_QUESTION = 100;
/** Everyone's phone leaves a closed meeting within so many ms. */
const LEAVE_SPREAD = 3000;

const board = document.getElementById("board");
const meeting = Number(board.dataset.meeting);
const joined = board.dataset.joined === "yes";
const addressOf = (card = "") => `/api/meetings/${meeting}/cards${card && `/${card}`}?as=participant`;
const linkState = document.getElementById("link-state");
const offline = document.getElementById("offline");
const question = document.getElementById("question");
const store = new Store();
const ticket = new Ticket(board);
const troubles = new Set();
const readMarkers = new ReadMarkers(meeting);
/** Was this page opened without network, from what the service worker keeps? */
const isFromCache = "cached" in document.documentElement.dataset;
let client = null;
let latestUuid = null;
let cachingTimer = 0;
let isCachingStarted = isFromCache;

const form = new CardForm(document.getElementById("write"), {
  draft: new Draft(meeting, (fails) => reportTrouble("draft", fails)),
  max: Number(board.dataset.most),
  saved: board.dataset.saved === "yes",
  onCard: joined ? addCard : null,
});
const own = new OwnCards(document.getElementById("mine"), form.element);
const votes = new Votes(document.getElementById("votes"), (card, dots) =>
  request("vote:set", { card, dots }, { method: "PUT", url: addressOf(`${card}/vote`) }),
);
const others = new OtherCards(
  document.getElementById("others-section"),
  (item) => votes.prepare(item),
  createAnnouncer(document.getElementById("spoken")),
);
const outbox = new Outbox(meeting, {
  send: (entry) => request("card:add", cardPayload(entry), { method: "POST", url: addressOf() }),
  onState: showState,
  onNew: (entry) => own.add(entry),
  onTrouble: (fails) => reportTrouble("cards", fails),
});
const clock = new ServerClock();
// A page from the cache was drawn some time ago: its time says nothing about now.
if (!isFromCache) {
  const drawnAt = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  clock.set(Number(board.dataset.now), drawnAt);
}
const stageFollower = new StageFollower({
  stage: JSON.parse(board.dataset.stage),
  clock,
  isBusy: () => form.isBusy,
  onStage: showStage,
});
const notices = new Notices({
  readMarkers,
  place: JSON.parse(board.dataset.place),
  isShared: board.dataset.shared === "yes",
  isBusy: () => form.isBusy,
});
for (const item of document.querySelectorAll("#mine > li, #others > li")) store.put(readCard(item));

/** Send over the socket, or over plain HTTP while there is none: a quick hand writes before it stands. */
function request(event, payload, http) {
  return client
    ? client.request(event, payload, http)
    : ticket.send(http.method, http.url, http.body ?? payload);
}

/** Warn while the device can store nothing: then the page must stay open until everything is sent. */
function reportTrouble(what, fails) {
  if (fails) troubles.add(what);
  else troubles.delete(what);
  document.getElementById("no-storage").hidden = !troubles.size;
}

// --- Writing -----------------------------------------------------------------------------------

function addCard(card) {
  own.add(card);
  latestUuid = card.uuid;
  form.showState(own.list.dataset.saving, "saving");
  outbox.add({ ...card, stage: stageFollower.stage.id });
  showHeldBack();
}

/** The thought is written: show what was held back while somebody wrote it. */
function showHeldBack() {
  stageFollower.proceed();
  notices.proceed();
  if (offline.textContent === offline.dataset.back) offline.hidden = true;
}

function showState(entry, state, answer = {}) {
  const item = own.find(entry);
  if (state === "dropped") {
    if (item) own.remove(item);
    return;
  }
  if (state === "shown") {
    own.markSaved(entry.uuid, answer.id, answer.seq);
    cachePageLater(AFTER_CARD);
    const known = store.get(answer.id);
    if (known) own.show(known);
  } else if (item) {
    if (answer.code === "closed") followToClosed();
    const words = own.list.dataset[answer.because ?? answer.code] || answer.fields?.text || answer.message;
    if (state === "refused") own.markRefused(item, words ?? "");
    else own.setState(item, state, words);
  }
  showLatestState(entry);
}

/** Show the state of the card just sent beside the button, where the thumb is. */
function showLatestState(entry) {
  const item = entry.uuid === latestUuid && own.find(entry);
  if (item) form.showState(item.querySelector("[data-part=state]").textContent, item.dataset.state);
}

// Unsent cards that are not stored would be lost with the page.
addEventListener("beforeunload", (event) => {
  if (outbox.hasUnstored) event.preventDefault();
});

unlockEditing(board, { request, addressOf, own, outbox, show, noContact: linkState.dataset.retry });

board.addEventListener("click", (event) => {
  if (!event.target.closest("[data-do=take-back]")) return;
  const item = event.target.closest("li");
  outbox.takeBack(item.dataset.uuid);
  form.insert(item.querySelector(".idea__text").textContent);
  own.remove(item);
});

// --- What the server sends ---------------------------------------------------------------------

function show(card) {
  if (store.put(card) === false) return;
  if (own.has(card)) {
    own.show(card);
    if (card.state === "hidden") own.showHidingReason(card);
  } else others.show(card);
}

/** Arrange the page for a stage. The box keeps its text. */
function showStage(next) {
  if (next.state === "closed") {
    // The same address is the receipt now. Everyone's phone would ask for it at the same moment.
    setTimeout(() => location.assign(location.pathname), Math.random() * LEAVE_SPREAD);
    return;
  }
  if (next.prompt) {
    question.textContent = next.prompt;
    question.classList.toggle("is-long", [...next.prompt].length > LONG_QUESTION);
  }
  readMarkers.set("question", next.prompt);
  const hadFocus = form.element.contains(document.activeElement);
  form.element.hidden = !next.write;
  if (hadFocus && !next.write) question.focus({ preventScroll: true });
  document.getElementById("hold").hidden = !next.hold;
  document.getElementById("no-write").hidden = next.write;
  const why = document.getElementById("no-write-words");
  why.textContent = why.dataset[next.locked ? "locked" : "stage"];
  document.getElementById("others-section").hidden = !next.see;
  if (!next.see) others.clear();
  votes.setOpen(next.vote);
  // A link that the stage opens and closes, such as the chat's, stays where there may be something to read.
  for (const link of document.querySelectorAll("[data-stage-flag]")) {
    if (link.hidden || !link.dataset.stays) link.hidden = !next[link.dataset.stageFlag];
  }
  if (next.write) outbox.flush();
}

function followToClosed() {
  stageFollower.follow({ ...stageFollower.stage, state: "closed" });
}

// --- The link ----------------------------------------------------------------------------------

function showLink(link, code) {
  if (link === "on") {
    offline.textContent = offline.dataset.back;
    if (!form.isBusy) offline.hidden = true;
    outbox.flush();
  } else if (code === "closed") followToClosed();
  else if (link === "refused") {
    import("./cache.js").then((cache) => cache.deleteCachedPage()).catch(() => {});
    linkState.textContent = linkState.dataset.gone;
    return;
  }
  linkState.textContent = link === "on" && navigator.onLine !== false ? "" : linkState.dataset.offline;
}

/** Open the form of a page from the cache, whatever the stage was then: the outbox knows when it is time to send. */
function openWithoutNetwork() {
  offline.hidden = false;
  question.textContent = readMarkers.get("question") || question.textContent;
  form.element.hidden = false;
  document.getElementById("no-write").hidden = true;
}

function cachePageLater(milliseconds) {
  clearTimeout(cachingTimer);
  cachingTimer = setTimeout(cachePageNow, milliseconds + Math.random() * CACHING_SPREAD);
}

/** Cache the page, once. The script for it is fetched only now, for nobody needs it to write the first card. */
async function cachePageNow() {
  clearTimeout(cachingTimer);
  if (isCachingStarted) return;
  if (navigator.onLine === false) {
    addEventListener("online", cachePageNow, { once: true });
    return;
  }
  isCachingStarted = true;
  try {
    const { cachePage } = await import("./cache.js");
    if (await cachePage(board.dataset.worker)) board.dataset.cached = "yes";
  } catch {
    // The network went away just now. The next time the page is opened there is another chance.
  }
}

function followDevice() {
  addEventListener("online", () => {
    linkState.textContent = "";
    outbox.flush();
    client.wake();
  });
  addEventListener("offline", () => {
    linkState.textContent = linkState.dataset.offline;
    outbox.flush(); // shows at once that cards wait
  });
  document.addEventListener("visibilitychange", () => {
    // The phone goes into a pocket, perhaps out of the network: cache the page while that is possible.
    if (document.hidden) return cachePageNow();
    outbox.flush();
    client.wake();
  });
}

async function start() {
  if (isFromCache) openWithoutNetwork();
  // What an earlier visit left comes first, so that its echo from the server is known as one's own.
  const { waiting, saved } = await outbox.load(Number(board.dataset.seq));
  for (const { done, ...entry } of saved) {
    own.add(entry);
    own.markSaved(entry.uuid, done.id, done.seq);
  }
  // A card written while the database was opening is drawn already.
  for (const entry of waiting) own.add(entry);
  client = connect({
    auth: () => ({ meeting, as_participant: true }),
    ticket,
    epoch: board.dataset.epoch,
    clock,
    streams: [cardStream(Number(board.dataset.seq), (cards) => cards.forEach(show))],
    onEpoch: () => location.reload(),
    onLink: showLink,
    on: {
      stage(stage) {
        notices.setMessage("all", stage.message); // shown at once, even if the stage itself is held back
        stageFollower.follow(stage);
      },
      place: (place) => notices.setPlace(place),
    },
  });
  outbox.flush();
  followDevice();
  cachePageLater(AFTER_OPENING);
  board.dataset.ready = "yes";
}

// A passer-by at an online meeting may not connect until the first card has been sent.
if (joined) start();
