// After the meeting: what a phone without network still holds is sent, and what was half written is not lost.
import { Outbox } from "../live/outbox.js";
import { Ticket } from "../live/ticket.js";
import { cloneTemplate } from "../web/dom.js";
import { newUuid, normalizeText } from "../web/text.js";
import { deleteCachedPage } from "./cache.js";
import { Draft } from "./draft.js";
import { cardPayload } from "./payload.js";

const place = document.getElementById("late");
const words = place.querySelector("p");
const form = document.getElementById("late-write");
const text = document.getElementById("late-text");
const unsent = document.getElementById("unsent");
const list = document.getElementById("unsent-list");
const meeting = Number(place.dataset.meeting);
const ticket = new Ticket(place);
const draft = new Draft(meeting);
const begun = draft.read() ?? (await draft.inherit());

function deliver(entry) {
  return ticket.send("POST", `/api/meetings/${meeting}/cards?as=participant`, cardPayload(entry));
}

function tell(message) {
  place.hidden = !message;
  words.textContent = message;
}

const outbox = new Outbox(meeting, {
  send: deliver,
  onState: (entry, state, answer) => {
    if (state === "shown") tell(outbox.size ? place.dataset.sending : place.dataset.sent);
    else if (state === "refused") showRefused(entry, answer);
    else if (state === "waiting") tell(place.dataset.waiting);
  },
});

/** The server takes it no more: the text stays here, to be copied and sent another way. */
function showRefused(entry, answer) {
  tell("");
  const item = cloneTemplate("unsent-template");
  item.querySelector(".idea__text").textContent = entry.text;
  item.querySelector("[data-part=state]").textContent = answer.fields?.text ?? answer.message ?? "";
  item.dataset.uuid = entry.uuid;
  list.append(item);
  unsent.hidden = false;
}

list.addEventListener("click", async ({ target }) => {
  const item = target.closest("li");
  if (target.dataset.do === "discard") {
    outbox.drop(item.dataset.uuid);
    item.remove();
    unsent.hidden = !list.children.length;
  } else if (target.dataset.do === "copy") {
    const written = item.querySelector(".idea__text");
    // Marked, so that it can be copied by hand where the page may not.
    getSelection().selectAllChildren(written);
    try {
      await navigator.clipboard.writeText(written.textContent);
      target.textContent = target.dataset.done;
    } catch {
      // It is marked.
    }
  }
});

if (normalizeText(begun?.text ?? "")) {
  form.hidden = false;
  text.value = begun.text;
  text.addEventListener("input", () => draft.write({ ...begun, text: text.value }));
  draft.write(begun);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { area, kind } = begun;
  if (normalizeText(text.value)) {
    tell(place.dataset.sending);
    outbox.add({ uuid: newUuid(), text: normalizeText(text.value), area, kind });
  }
  draft.forget();
  form.hidden = true;
});
form.addEventListener("reset", () => {
  draft.forget();
  form.hidden = true;
});

deleteCachedPage();
const { waiting, saved } = await outbox.load();
outbox.forget(saved);
if (waiting.length) {
  tell(place.dataset.sending);
  outbox.flush();
}
addEventListener("online", () => outbox.flush());
