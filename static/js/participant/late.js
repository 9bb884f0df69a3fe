// After the meeting: what a phone without network still holds is sent, and what was half written is not lost.
import { send } from "../live/http.js";
import { clean, Draft, newUuid } from "./draft.js";
import { Outbox, payloadOf } from "./outbox.js";

const place = document.getElementById("late");
const words = place.querySelector("p");
const form = document.getElementById("late-write");
const text = document.getElementById("late-text");
const meeting = Number(place.dataset.meeting);
const draft = new Draft(meeting);
const begun = draft.read();

function deliver(entry) {
  return send("POST", `/api/meetings/${meeting}/cards?as=participant`, payloadOf(entry), place.dataset.csrf);
}

function tell(message) {
  place.hidden = false;
  words.textContent = message;
}

const outbox = new Outbox(meeting, deliver, (_entry, state, answer) => {
  if (state === "shown") tell(outbox.size ? place.dataset.sending : place.dataset.sent);
  else tell(state === "refused" ? (answer.fields?.text ?? answer.message ?? "") : place.dataset.waiting);
});

if (clean(begun?.text ?? "")) {
  form.hidden = false;
  text.value = begun.text;
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { area, kind } = begun;
  if (clean(text.value)) outbox.add({ uuid: newUuid(), text: clean(text.value), area, kind, at: Date.now() });
  draft.forget();
  form.hidden = true;
});
form.addEventListener("reset", () => {
  draft.forget();
  form.hidden = true;
});

if ((await outbox.load()).length) {
  tell(place.dataset.sending);
  outbox.flush();
}
addEventListener("online", () => outbox.flush());
