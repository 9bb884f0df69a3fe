// The staff's page of the chat, live: the lists are drawn by the server and put in place, but never under a hand
// that is typing or choosing.
import { fetchPage } from "../web/http.js";
import { connect } from "./connection.js";

const GATHER = 700;
const room = document.getElementById("chat-room");
const news = document.getElementById("chat-news");
let timer = 0;

/** Is somebody in the middle of something in this list? */
function busy(section) {
  const open = section.querySelector("details[open]");
  return Boolean(open) || section.contains(document.activeElement);
}

async function refresh(force = false) {
  let page;
  try {
    page = await fetchPage();
  } catch {
    return; // The next change, or the next heartbeat, tries again.
  }
  let left = false;
  for (const section of room.querySelectorAll("[data-part=list]")) {
    const fresh = page.getElementById(section.id);
    if (!fresh || fresh.innerHTML === section.innerHTML) continue;
    if (busy(section) && !force) left = true;
    else section.replaceWith(fresh);
  }
  news.hidden = !left;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, GATHER);
}

news.querySelector("button").addEventListener("click", () => refresh(true));
room.addEventListener("focusout", () => {
  if (!news.hidden) soon();
});

connect({
  auth: { meeting: Number(room.dataset.meeting), ticket: room.dataset.ticket },
  seq: Number(room.dataset.seq),
  epoch: room.dataset.epoch,
  onMessages: (messages) => messages.length && soon(),
  onEpoch: () => location.reload(),
  onStage: soon,
});
