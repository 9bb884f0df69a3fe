// The chat on a phone: sends the form without leaving the page and shows messages as they come.
import { chatStream, connect } from "../live/client.js";
import { Outbox } from "../live/outbox.js";
import { Ticket } from "../live/ticket.js";
import { createAnnouncer, fillIn, newUuid, normalizeText } from "../web/text.js";
import { MessageList } from "./messages.js";
import { moveFromLocalStorage } from "./migration.js";

const chat = document.getElementById("chat");
const words = chat.dataset;
const meeting = Number(words.meeting);
const form = document.getElementById("say");
const box = form.elements.text;
const error = document.getElementById("text-error");
const linkState = document.getElementById("link-state");
const announce = createAnnouncer(document.getElementById("spoken"));
const draftKey = `dialog-chat-draft-${meeting}`;
const ticket = new Ticket(chat);
const messages = new MessageList(document.getElementById("messages"), {
  words,
  empty: document.getElementById("chat-empty"),
});
const outbox = new Outbox(`chat ${meeting}`, {
  send: ({ uuid, text, kind }) => client.request("chat:add", { uuid, text, kind }, sendOverHttp),
  onState: showState,
  onNew: (entry) => messages.addOwn(entry, words.saving),
  migrate: (storage) => moveFromLocalStorage(`dialog-chat-${meeting}`, storage),
});
const sendOverHttp = { method: "POST", url: `/api/meetings/${meeting}/chat?as=participant` };

const client = connect({
  auth: () => ({ meeting, as_participant: true }),
  ticket,
  epoch: words.epoch,
  streams: [chatStream(Number(words.seq), (items) => items.forEach(showMessage))],
  onEpoch: () => location.reload(),
  onLink(link) {
    const { offline, gone } = linkState.dataset;
    linkState.textContent = { off: offline, refused: gone }[link] ?? "";
    if (link === "on") outbox.flush();
  },
  on: { stage: followStage },
});

function showMessage(message) {
  if (messages.show(message)) announce();
}

/** Show how it stands with a message of this device. */
function showState(entry, state, answer = {}) {
  const item = messages.find(entry);
  if (state === "shown") messages.markSaved(entry, answer.id);
  else if (!item) return;
  else if (state === "dropped") messages.remove(item);
  else if (state === "refused") {
    messages.markRefused(entry, `${words.refused}: ${answer.fields?.text ?? answer.message ?? ""}`);
  } else {
    const waiting = { slow: words.slow, stage: words.closed }[answer.because];
    messages.setState(item, waiting ?? words.waiting);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = normalizeText(box.value);
  const over = [...text].length - Number(words.most);
  error.hidden = Boolean(text) && over <= 0;
  if (!error.hidden) {
    error.textContent = text ? fillIn(error.dataset.long, { over }) : error.dataset.empty;
    box.setAttribute("aria-invalid", "true");
    box.focus();
    return;
  }
  box.removeAttribute("aria-invalid");
  const entry = { uuid: newUuid(), text, kind: form.elements.kind.value };
  messages.addOwn(entry, words.saving).scrollIntoView({ block: "nearest" });
  box.value = "";
  saveDraft();
  box.focus();
  outbox.add(entry);
});

/** Give the text of a refused message back to the box. */
messages.list.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-do=take-back]")?.closest("[data-uuid]");
  if (!item) return;
  outbox.takeBack(item.dataset.uuid);
  const text = item.querySelector("[data-part=text]").textContent;
  box.value = box.value ? `${text}\n${box.value}` : text;
  saveDraft();
  messages.remove(item);
  form.hidden = false;
  box.focus();
});

/** Open or close the form with the stage. Somebody in the middle of a sentence keeps the box. */
function followStage(stage) {
  const open = Boolean(stage.chat) && stage.state === "open";
  document.getElementById("no-chat").hidden = open;
  form.hidden = !open && !box.value;
  if (open) outbox.flush();
}

function saveDraft() {
  try {
    if (box.value) localStorage.setItem(draftKey, box.value);
    else localStorage.removeItem(draftKey);
  } catch {
    // Without storage the draft lives as long as the page.
  }
}

function restoreDraft() {
  try {
    box.value ||= localStorage.getItem(draftKey) ?? "";
  } catch {
    // Without storage there is no draft.
  }
}

addEventListener("online", () => {
  outbox.flush();
  client.wake();
});
addEventListener("offline", () => outbox.flush()); // shows at once that messages wait
addEventListener("beforeunload", (event) => {
  if (outbox.hasUnstored) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  outbox.flush();
  client.wake();
});
box.addEventListener("input", saveDraft);
restoreDraft();

// The newest message and the box are what somebody came for, and the page's foot lies below them.
if (!location.hash) (form.hidden ? messages.list : form).scrollIntoView({ block: "end" });

const { waiting, saved } = await outbox.load(Number(words.seq));
for (const entry of waiting) messages.addOwn(entry, words.saving);
for (const { done, ...entry } of saved) {
  messages.addOwn(entry, "");
  messages.markSaved(entry, done.id);
}
outbox.flush();
