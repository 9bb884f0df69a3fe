// The page of a closed meeting: sends what a phone without network still holds, and offers what was half written.
import { cloneTemplate } from "../live/drawing.js";
import { Outbox } from "../live/outbox.js";
import { Ticket } from "../live/ticket.js";
import { newUuid, normalizeText } from "../web/text.js";
import { deleteCachedPage } from "./cache.js";
import { cardPayload, Draft } from "./draft.js";

const notice = document.getElementById("late");
const words = notice.dataset;
const form = document.getElementById("late-write");
const text = document.getElementById("late-text");
const unsent = document.getElementById("unsent");
const list = document.getElementById("unsent-list");
const meeting = Number(words.meeting);
const ticket = new Ticket(notice);
const draft = new Draft(meeting);
const begun = draft.read() ?? (await draft.inherit());

const outbox = new Outbox(meeting, {
  send: (entry) => ticket.send("POST", `/api/meetings/${meeting}/cards?as=participant`, cardPayload(entry)),
  onState: (entry, state, answer) => {
    if (state === "shown") showNotice(outbox.size ? words.sending : words.sent);
    else if (state === "refused") showRefused(entry, answer);
    else if (state === "waiting") showNotice(words.waiting);
  },
});

function showNotice(message) {
  notice.hidden = !message;
  notice.querySelector("p").textContent = message;
}

/** The meeting takes no more cards: show the text, so that it can be copied and sent another way. */
function showRefused(entry, answer) {
  showNotice("");
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
    outbox.takeBack(item.dataset.uuid);
    item.remove();
    unsent.hidden = !list.children.length;
  } else if (target.dataset.do === "copy") {
    const written = item.querySelector(".idea__text");
    // The text is selected first, so that it can be copied by hand where the page may not do it.
    getSelection().selectAllChildren(written);
    try {
      await navigator.clipboard.writeText(written.textContent);
      target.textContent = target.dataset.done;
    } catch {
      // It stays selected.
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
  const written = normalizeText(text.value);
  if (written) {
    showNotice(words.sending);
    outbox.add({ uuid: newUuid(), text: written, area, kind });
  }
  draft.forget();
  form.hidden = true;
});
form.addEventListener("reset", () => {
  draft.forget();
  form.hidden = true;
});

deleteCachedPage();
const { waiting } = await outbox.load(Number.POSITIVE_INFINITY);
if (waiting.length) {
  showNotice(words.sending);
  outbox.flush();
}
addEventListener("online", () => outbox.flush());
