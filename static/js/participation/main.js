// The phone, live: the same forms as without script, answered in place.
import { connect } from "../live/client.js";
import { ServerClock } from "../live/clock.js";
import { readCard } from "../live/drawing.js";
import { Outbox } from "../live/outbox.js";
import { Store } from "../live/store.js";
import { Ticket } from "../live/ticket.js";
import { createAnnouncer } from "../web/dom.js";
import { fetchPage } from "../web/http.js";
import { CardForm } from "./card_form.js";
import { Draft } from "./draft.js";
import { Notices } from "./notices.js";
import { OtherCards } from "./other_cards.js";
import { OwnCards } from "./own_cards.js";
import { cardPayload } from "./payload.js";
import { ReadMarkers } from "./read_markers.js";
import { StageFollower } from "./stage.js";
import { unlockEditing } from "./unlock.js";
import { Votes } from "./votes.js";

/** What can wait comes after the first card, or after so long; spread out so that a hall does not ask at once. In ms. */
const [AFTER_CARD, AT_LAST, SPREAD] = [1000, 6000, 4000];

/** A question of more characters is set smaller, here as on the server. */
const LONG = 100;

const board = document.getElementById("board");
const meeting = Number(board.dataset.meeting);
const joined = board.dataset.joined === "yes";
const api = (card = "") => `/api/meetings/${meeting}/cards${card && `/${card}`}?as=participant`;
const linkState = document.getElementById("link-state");
const offline = document.getElementById("offline");
const question = document.getElementById("question");
const store = new Store();
const ticket = new Ticket(board);
const troubles = new Set();
const readMarkers = new ReadMarkers(meeting);
let client = null;
let latest = null;
let rest = 0;

const form = new CardForm(document.getElementById("write"), {
  draft: new Draft(meeting, (fails) => reportTrouble("draft", fails)),
  most: Number(board.dataset.most),
  saved: board.dataset.saved === "yes",
  onCard: joined ? writeCard : null,
});
const own = new OwnCards(document.getElementById("mine"), form.element);
const votes = new Votes(document.getElementById("votes"), (card, dots) =>
  request("vote:set", { card, dots }, "PUT", api(`${card}/vote`)),
);
const others = new OtherCards(
  document.getElementById("others-section"),
  (item) => votes.decorate(item),
  createAnnouncer(document.getElementById("spoken")),
);
const outbox = new Outbox(meeting, {
  send: deliver,
  onState: showState,
  onNew: (entry) => own.add(entry),
  onTrouble: (fails) => reportTrouble("cards", fails),
});
/** Was this very page opened without network, from what the service worker keeps? */
const openedFromCache = "cached" in document.documentElement.dataset;
const clock = new ServerClock();
// When the page that was put aside was drawn says nothing about what time it is now.
if (!openedFromCache)
  clock.hear(Number(board.dataset.now), performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const stageFollower = new StageFollower({
  stage: JSON.parse(board.dataset.stage),
  clock,
  busy: () => form.busy,
  onStage: follow,
});
const notices = new Notices({
  readMarkers,
  place: JSON.parse(board.dataset.place),
  shared: board.dataset.shared === "yes",
  busy: () => form.busy,
});
for (const item of document.querySelectorAll("#mine > li, #others > li")) store.put(readCard(item));

function ask(event, payload) {
  return client ? client.ask(event, payload) : Promise.resolve({ ok: false, error: { code: "no_contact" } });
}

/** Nothing can be kept on this device: then the page must stay open until all is sent. */
function reportTrouble(what, fails) {
  if (fails) troubles.add(what);
  else troubles.delete(what);
  document.getElementById("no-storage").hidden = !troubles.size;
}

// --- Writing -----------------------------------------------------------------------------------

function writeCard(card) {
  own.add(card);
  latest = card.uuid;
  form.tell(own.list.dataset.saving, "saving");
  outbox.add({ ...card, stage: stageFollower.stage.id });
  releaseWaiting();
}

/** The thought is written: what waited for it may come. */
function releaseWaiting() {
  stageFollower.goOn();
  notices.goOn();
  if (offline.textContent === offline.dataset.back) offline.hidden = true;
}

async function deliver(entry) {
  return request("card:add", cardPayload(entry), "POST", api());
}

/** Over the socket, or over plain HTTP while there is none: a quick hand is there before it. */
async function request(event, payload, method, url) {
  const answer = await ask(event, payload);
  const isUndelivered = !answer.ok && ["no_contact", "closed"].includes(answer.error.code);
  return isUndelivered ? ticket.send(method, url, payload) : answer;
}

function showState(entry, state, answer = {}) {
  const item = own.item(entry);
  if (state === "shown") {
    own.saved(entry.uuid, answer.id, answer.seq);
    restLater(AFTER_CARD);
    const known = store.get(answer.id);
    if (known) own.show(known);
  } else if (state === "dropped") {
    if (item) own.remove(item);
    return;
  } else if (item) {
    if (answer.code === "closed") stageFollower.hear({ ...stageFollower.stage, state: "closed" });
    const words = own.list.dataset[answer.because ?? answer.code] || answer.fields?.text || answer.message;
    own.say(item, state, state === "refused" ? `${own.list.dataset.refused}: ${words ?? ""}` : words);
    if (state === "refused" && !item.querySelector("[data-do=take-back]")) {
      const retry = document.getElementById("retry-template").content.cloneNode(true);
      item.querySelector(".held__foot").append(retry);
    }
  }
  tellLatest(entry);
}

/** The state of the card just sent, said where the thumb is. */
function tellLatest(entry) {
  const item = entry.uuid === latest && own.item(entry);
  if (item) form.tell(item.querySelector("[data-part=state]").textContent, item.dataset.state);
}

// A browser that can keep nothing loses what waits when the page goes: it asks first.
addEventListener("beforeunload", (event) => {
  if (outbox.hasUnstored) event.preventDefault();
});

unlockEditing(board, { ask, ticket, address: api, own, outbox, show, noContact: linkState.dataset.retry });

board.addEventListener("click", (event) => {
  if (event.target.closest("[data-do=take-back]")) {
    const item = event.target.closest("li");
    outbox.drop(item.dataset.uuid);
    form.take(item.querySelector(".idea__text").textContent);
    own.remove(item);
  }
});

// --- What the server tells ------------------------------------------------------------------------

function show(card) {
  if (store.put(card) === false) return;
  if (own.has(card)) {
    own.show(card);
    if (card.state === "hidden") tellWhy(card.id);
  } else others.show(card);
}

/** The reason stands on the page alone; it is nobody else's business. */
async function tellWhy(id) {
  try {
    const page = await fetchPage();
    const words = page.querySelector(`#mine [data-id="${id}"] [data-part=state]`)?.textContent.trim();
    const item = own.item({ id });
    if (words && item?.dataset.state === "hidden") own.say(item, "hidden", words);
  } catch {
    // The short words stand until the page is opened again.
  }
}

/** Let the screen be what the stage is. The box keeps its text, whatever happens. */
function follow(next) {
  if (next.state === "closed") {
    // Everyone's phone would ask at the same moment.
    setTimeout(leave, Math.random() * 3000);
    return;
  }
  if (next.prompt) {
    question.textContent = next.prompt;
    question.classList.toggle("is-long", [...next.prompt].length > LONG);
  }
  readMarkers.set("question", next.prompt);
  const held = form.element.contains(document.activeElement);
  form.element.hidden = !next.write;
  if (held && !next.write) question.focus({ preventScroll: true });
  document.getElementById("hold").hidden = !next.hold;
  document.getElementById("no-write").hidden = next.write;
  const why = document.getElementById("no-write-words");
  why.textContent = why.dataset[next.locked ? "locked" : "stage"];
  document.getElementById("others-section").hidden = !next.see;
  if (!next.see) others.clear();
  votes.set(next.vote);
  // Ways to other pages, such as the chat, that the stage opens and closes; where there may be something to read, it stays.
  for (const each of document.querySelectorAll("[data-stage-flag]"))
    if (each.hidden || !each.dataset.stays) each.hidden = !next[each.dataset.stageFlag];
  if (next.write) outbox.flush();
}

/** To the receipt. */
function leave() {
  location.assign(location.pathname);
}

// --- The link ---------------------------------------------------------------------------------------

async function linkChanged(link, code) {
  if (link === "on") {
    offline.textContent = offline.dataset.back;
    if (!form.busy) offline.hidden = true;
    outbox.flush();
  } else if (link === "refused") {
    const now = code === "unauthorized" ? await ticket.renew() : code;
    if (now === "renewed") return client.again();
    if (now === "later") setTimeout(() => client.again(), 10_000 * (1 + Math.random()));
    else if (now === "closed") stageFollower.hear({ ...stageFollower.stage, state: "closed" });
    else {
      import("./cache.js").then((cache) => cache.deleteCachedPage()).catch(() => {});
      linkState.textContent = linkState.dataset.gone;
      return;
    }
  }
  linkState.textContent = link === "on" && navigator.onLine !== false ? "" : linkState.dataset.offline;
}

/** The page was put aside some time ago: people may write in any case, and the outbox knows when it is time. */
function openWithoutNetwork() {
  offline.hidden = false;
  question.textContent = readMarkers.get("question") || question.textContent;
  form.element.hidden = false;
  document.getElementById("no-write").hidden = true;
}

function restLater(milliseconds) {
  if (rest === "loading" || openedFromCache) return;
  clearTimeout(rest);
  rest = setTimeout(loadTheRest, milliseconds + Math.random() * SPREAD);
}

/** What nobody needs before the first card: opening the page without network the next time. */
async function loadTheRest() {
  if (rest === "loading" || openedFromCache) return;
  clearTimeout(rest);
  if (navigator.onLine === false) {
    addEventListener("online", loadTheRest, { once: true });
    return;
  }
  rest = "loading";
  try {
    const { cachePage } = await import("./cache.js");
    if (await cachePage(board.dataset.worker)) board.dataset.cached = "yes";
  } catch {
    // The network went away just now; there is another chance when the page is opened the next time.
  }
}

async function begin() {
  if (openedFromCache) openWithoutNetwork();
  // What an earlier visit left comes first, so that its echo is known as one's own. A database that does not answer
  // must not keep the page from working.
  const { waiting, saved } = await outbox.load();
  const drawn = (entry) => entry.done.seq <= Number(board.dataset.seq);
  outbox.forget(saved.filter(drawn));
  for (const entry of saved) {
    if (drawn(entry)) continue;
    own.add(entry);
    own.saved(entry.uuid, entry.done.id, entry.done.seq);
  }
  // A quick hand may have written while the database was opening: that card is drawn already.
  for (const entry of waiting) own.add(entry);
  client = connect({
    auth: () => ({ meeting, as_participant: true, ticket: ticket.value }),
    seq: Number(board.dataset.seq),
    epoch: board.dataset.epoch,
    clock,
    onCards: (cards) => cards.forEach(show),
    onEpoch: () => location.reload(),
    onStage: (stage) => {
      notices.message("all", stage.message); // it is heard at once, whatever the screen waits for
      stageFollower.hear(stage);
    },
    onPlace: (place) => notices.place(place),
    onLink: linkChanged,
  });
  outbox.flush();
  addEventListener("online", () => {
    linkState.textContent = "";
    outbox.flush();
    client.wake();
  });
  addEventListener("offline", () => {
    linkState.textContent = linkState.dataset.offline;
    outbox.flush(); // says at once that they wait
  });
  document.addEventListener("visibilitychange", () => {
    // Into a pocket, and perhaps out of the network: what the page needs to open again is fetched while it can be.
    if (document.hidden) return loadTheRest();
    outbox.flush();
    client.wake();
  });
  restLater(AT_LAST);
  board.dataset.ready = "yes";
}

// A passer-by at an online meeting has no sign-in for a socket until the first card has been sent.
if (joined) begin();
