// After the meeting: what a phone without network still holds is sent, and said.
import { send } from "../live/http.js";
import { Outbox } from "./outbox.js";

const place = document.getElementById("late");
const words = place.querySelector("p");
const meeting = Number(place.dataset.meeting);

function deliver(entry) {
  const payload = { uuid: entry.uuid, text: entry.text };
  if (entry.area) payload.area = Number(entry.area);
  if (entry.kind) payload.kind = entry.kind;
  return send("POST", `/api/meetings/${meeting}/cards?as=participant`, payload, place.dataset.csrf);
}

const outbox = new Outbox(meeting, deliver, (_entry, state, answer) => {
  if (state === "shown") words.textContent = outbox.size ? place.dataset.sending : place.dataset.sent;
  else words.textContent = state === "refused" ? (answer.message ?? "") : place.dataset.waiting;
});

if ((await outbox.load()).length) {
  place.hidden = false;
  words.textContent = place.dataset.sending;
  outbox.flush();
  addEventListener("online", () => outbox.flush());
}
