// The chat on a phone, live: the same form as without script, answered in place.
import { highlightArrival } from "../live/drawing.js";
import { cloneTemplate, createAnnouncer } from "../web/dom.js";
import { sendJson } from "../web/http.js";
import { fillIn } from "../web/text.js";
import { connect } from "./connection.js";
import { Outgoing } from "./outbox.js";

const chat = document.getElementById("chat");
const words = chat.dataset;
const meeting = Number(words.meeting);
const list = document.getElementById("messages");
const form = document.getElementById("say");
const box = form.elements.text;
const complaint = document.getElementById("text-error");
const linkState = document.getElementById("link-state");
const speak = createAnnouncer(document.getElementById("spoken"));
const draft = `dialog-chat-draft-${meeting}`;

const line = connect({
  auth: { meeting, as_participant: true, ticket: words.ticket },
  seq: Number(words.seq),
  epoch: words.epoch,
  onMessages: (messages) => messages.forEach(show),
  onEpoch: () => location.reload(),
  onStage: stageChanged,
  onLink(link) {
    const { offline, gone } = linkState.dataset;
    linkState.textContent = { off: offline, refused: gone }[link] ?? "";
    if (link === "on") outgoing.flush();
  },
});

const outgoing = new Outgoing(`dialog-chat-${meeting}`, deliver, placed);
for (const entry of outgoing.waiting) if (!itemOf(entry)) list.append(drawn({ ...entry, mine: true }));
outgoing.flush();
addEventListener("online", () => outgoing.flush());

async function deliver({ uuid, text, kind }) {
  const payload = { uuid, text, kind };
  const answer = await line.ask("chat:add", payload);
  const unheard = !answer.ok && answer.error.code === "no_contact";
  const path = `/api/meetings/${meeting}/chat?as=participant`;
  return unheard ? sendJson("POST", path, payload, words.csrf) : answer;
}

function itemOf({ id, uuid }) {
  return (
    (id && list.querySelector(`[data-id="${id}"]`)) ||
    (uuid && list.querySelector(`[data-uuid="${CSS.escape(uuid)}"]`)) ||
    null
  );
}

function who(message) {
  if (message.mine) return words.you;
  if (message.staff) return words.staff;
  return message.table ? fillIn(words.table, { number: message.table }) : words.participant;
}

/** A message of the contract, or one that is only on this phone yet, as an element. */
function drawn(message) {
  const item = cloneTemplate("said-template");
  draw(item, message);
  return item;
}

function draw(item, message) {
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  item.dataset.id = message.id ?? "";
  item.dataset.seq = message.seq ?? 0;
  item.dataset.uuid = message.uuid;
  item.dataset.state = message.state ?? "";
  item.classList.toggle("said--mine", Boolean(message.mine));
  part("who").textContent = who(message);
  part("question").hidden = message.kind !== "question";
  part("parking").hidden = message.kind !== "parking";
  part("text").textContent = message.text;
  part("answer").textContent = message.answer ?? "";
  part("answer").parentElement.hidden = !message.answer;
  tell(item, stateWords(message));
}

function stateWords(message) {
  if (message.state === "pending") return words.pending;
  if (message.state === "hidden") return `${words.hidden}: ${message.hidden_reason ?? ""}`;
  return message.card ? words.card : "";
}

function tell(item, text) {
  const state = item.querySelector("[data-part=state]");
  state.textContent = text ?? "";
  state.hidden = !text;
}

function show(message) {
  const item = itemOf(message);
  if (item && Number(item.dataset.seq) >= message.seq) return;
  if (message.text === undefined) {
    item?.remove();
  } else if (item) {
    draw(item, { ...message, mine: item.classList.contains("said--mine") });
  } else {
    const fresh = drawn(message);
    // A phone that slept gets old ones later: each has its place by its number.
    const later = [...list.children].find((each) => each.dataset.id && Number(each.dataset.id) > message.id);
    list.insertBefore(fresh, later ?? null);
    highlightArrival(fresh);
    speak();
  }
  document.getElementById("chat-empty").hidden = list.children.length > 0;
}

function placed(entry, state, answer = {}) {
  const item = itemOf(entry);
  if (!item) return;
  if (state === "shown") {
    item.dataset.id ||= answer.id;
    if (item.dataset.state === "") tell(item, "");
    return;
  }
  if (state === "refused") {
    tell(item, `${words.refused}: ${answer.fields?.text ?? answer.message ?? ""}`);
    // Nothing is lost: the text goes back into the box, where it can be changed.
    if (!box.value) box.value = entry.text;
    return;
  }
  tell(item, words[state]);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  const over = [...text].length - Number(words.most);
  complaint.hidden = Boolean(text) && over <= 0;
  if (!complaint.hidden) {
    complaint.textContent = text ? fillIn(complaint.dataset.long, { over }) : complaint.dataset.empty;
    box.setAttribute("aria-invalid", "true");
    box.focus();
    return;
  }
  box.removeAttribute("aria-invalid");
  const entry = { uuid: newUuid(), text, kind: form.elements.kind.value };
  const item = drawn({ ...entry, mine: true });
  tell(item, words.saving);
  list.append(item);
  document.getElementById("chat-empty").hidden = true;
  item.scrollIntoView({ block: "nearest" });
  box.value = "";
  keepDraft();
  box.focus();
  outgoing.add(entry);
});

/** Also where the page did not come over https, as in a hall with a server of its own. */
function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function stageChanged(stage) {
  const open = Boolean(stage.chat) && stage.state === "open";
  document.getElementById("no-chat").hidden = open;
  // Somebody in the middle of a sentence keeps the box; it is sent when the chat opens again.
  form.hidden = !open && !box.value;
  if (open) outgoing.flush();
}

function keepDraft() {
  try {
    if (box.value) localStorage.setItem(draft, box.value);
    else localStorage.removeItem(draft);
  } catch {
    // A browser that keeps nothing.
  }
}
box.addEventListener("input", keepDraft);
try {
  box.value ||= localStorage.getItem(draft) ?? "";
} catch {
  // As above.
}

// One answers what was said last: begin there, with the box at hand. The page's foot lies below.
if (!location.hash) (form.hidden ? list : form).scrollIntoView({ block: "end" });
