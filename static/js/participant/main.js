// The phone, live: the same forms as without script, answered in place.
import { connect } from "../live/client.js";
import { cardOnPage, speaker } from "../live/dom.js";
import { freshPage, send } from "../live/http.js";
import { Store } from "../live/store.js";
import { Compose } from "./compose.js";
import { OthersCards } from "./others.js";
import { Outbox, payloadOf } from "./outbox.js";
import { OwnCards } from "./own.js";
import { Votes } from "./votes.js";

const board = document.getElementById("board");
const meeting = Number(board.dataset.meeting);
const joined = board.dataset.joined === "yes";
const api = (card = "") => `/api/meetings/${meeting}/cards${card && `/${card}`}?as=participant`;
const linkState = document.getElementById("link-state");
const bar = document.getElementById("stage-bar");
const store = new Store();

const compose = new Compose(document.getElementById("write"), {
  meeting,
  most: Number(board.dataset.most),
  saved: board.dataset.saved === "yes",
  onCard: joined ? write : null,
});
const own = new OwnCards(document.getElementById("mine"), compose.form);
const votes = new Votes(document.getElementById("votes"), ask);
const others = new OthersCards(
  document.getElementById("others-section"),
  (item) => votes.decorate(item),
  speaker(document.getElementById("spoken")),
);
const outbox = new Outbox(meeting, deliver, placed);
for (const item of document.querySelectorAll("#mine > li, #others > li")) store.put(cardOnPage(item));

let client = null;
let stage = { id: board.dataset.stage ? Number(board.dataset.stage) : null, state: "open" };
let coming = null;
let latest = null;

function ask(event, payload) {
  return client ? client.ask(event, payload) : Promise.resolve({ ok: false, error: { code: "no_contact" } });
}

// --- Writing -----------------------------------------------------------------------------------

function write(card) {
  const entry = { ...card, at: Date.now(), fresh: true };
  own.add(entry);
  latest = entry.uuid;
  compose.tell(own.list.dataset.saving, "saving");
  outbox.add(entry);
  if (coming) follow(coming);
}

async function deliver(entry) {
  const payload = payloadOf(entry);
  const answer = await ask("card:add", payload);
  const unheard = !answer.ok && ["no_contact", "closed"].includes(answer.error.code);
  return unheard ? send("POST", api(), payload, board.dataset.csrf) : answer;
}

function placed(entry, state, answer = {}) {
  if (state === "shown") {
    own.saved(entry.uuid, answer.id, answer.seq);
    const known = store.get(answer.id);
    if (known) own.show(known);
    tellLatest(entry);
    return;
  }
  const item = own.item(entry);
  if (!item) return;
  const words = answer.because ? own.list.dataset[answer.because] : answer.fields?.text || answer.message;
  own.say(item, state, state === "refused" ? `${own.list.dataset.refused}: ${words ?? ""}` : words);
  if (state === "refused" && !item.querySelector("[data-do=take-back]")) {
    const retry = document.getElementById("retry-template").content.cloneNode(true);
    item.querySelector(".held__foot").append(retry);
  }
  tellLatest(entry);
}

/** The state of the card just sent, said where the thumb is. */
function tellLatest(entry) {
  const item = entry.uuid === latest && own.item(entry);
  if (item) compose.tell(item.querySelector("[data-part=state]").textContent, item.dataset.state);
}

// --- Changing one's own -------------------------------------------------------------------------

board.addEventListener("submit", async (event) => {
  if (event.target.dataset.do !== "edit") return;
  event.preventDefault();
  const form = event.target;
  const item = form.closest("[data-id]");
  const id = Number(item.dataset.id);
  const base = Number(item.dataset.seq);
  const withdraw = event.submitter?.dataset.do === "withdraw";
  const payload = withdraw ? { base } : { text: form.elements.text.value, base };
  let answer = await ask(withdraw ? "card:withdraw" : "card:edit", { id, ...payload });
  if (!answer.ok && answer.error.code === "no_contact") {
    answer = await send(withdraw ? "DELETE" : "PATCH", api(id), payload, board.dataset.csrf);
  }
  const complaint = form.querySelector("[data-part=error]");
  complaint.hidden = answer.ok;
  if (!answer.ok) {
    if (answer.error.card) show(answer.error.card);
    complaint.textContent = answer.error.fields?.text ?? answer.error.message ?? linkState.dataset.offline;
    return;
  }
  if (withdraw) own.remove(item);
  else {
    form.closest("details").open = false;
    item.querySelector(".idea__text").textContent = payload.text.trim();
    item.querySelector("summary").focus();
  }
});

board.addEventListener("click", (event) => {
  if (event.target.closest("[data-do=take-back]")) {
    const item = event.target.closest("li");
    outbox.drop(item.dataset.uuid);
    compose.take(item.querySelector(".idea__text").textContent);
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
    const page = await freshPage();
    const words = page.querySelector(`#mine [data-id="${id}"] [data-part=state]`)?.textContent.trim();
    const item = own.item({ id });
    if (words && item?.dataset.state === "hidden") own.say(item, "hidden", words);
  } catch {
    // The short words stand until the page is opened again.
  }
}

function stageChanged(next) {
  if (next.state === "closed" || next.id !== stage.id || next.state !== stage.state) {
    if (compose.busy) {
      coming = next;
      const words = bar.querySelector("span");
      words.textContent = next.state === "closed" ? words.dataset.closed : words.dataset.next;
      bar.hidden = false;
      return;
    }
  }
  follow(next);
}

/** Let the screen be what the stage is. The box keeps its text, whatever happens. */
function follow(next) {
  coming = null;
  bar.hidden = true;
  stage = next;
  if (next.state === "closed") {
    // Everyone's phone would ask at the same moment.
    setTimeout(leave, Math.random() * 3000);
    return;
  }
  if (next.prompt) document.getElementById("question").textContent = next.prompt;
  compose.form.hidden = !next.write;
  document.getElementById("no-write").hidden = next.write;
  document.getElementById("others-section").hidden = !next.see;
  if (!next.see) others.clear();
  votes.set(next.vote);
  if (next.write) outbox.flush();
}

/** To the receipt. */
function leave() {
  location.assign(location.pathname);
}

document.getElementById("stage-go").addEventListener("click", () => coming && follow(coming));

function linkChanged(link, code) {
  linkState.textContent = { off: linkState.dataset.offline, refused: linkState.dataset.gone }[link] ?? "";
  if (link === "on") outbox.flush();
  if (link === "refused" && code === "closed" && !compose.busy) leave();
}

async function begin() {
  // What an earlier visit left comes first, so that its echo is known as one's own. A database that does not answer
  // must not keep the page from working.
  const kept = await Promise.race([outbox.load(), new Promise((done) => setTimeout(done, 1500, []))]);
  // A quick hand may have written while the database was opening: that card is drawn already.
  for (const entry of kept) if (!own.item(entry)) own.add(entry);
  client = connect({
    auth: { meeting, as_participant: true },
    seq: Number(board.dataset.seq),
    epoch: board.dataset.epoch,
    onCards: (cards) => cards.forEach(show),
    onEpoch: () => location.reload(),
    onStage: stageChanged,
    onLink: linkChanged,
  });
  outbox.flush();
  addEventListener("online", () => outbox.flush());
}

// A passer-by at an online meeting has no sign-in for a socket until the first card has been sent.
if (joined) begin();
