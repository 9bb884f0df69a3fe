// The staff's page of the chat: replaces its lists with the server's as messages come, but never a list in which
// somebody is typing or choosing.
import { chatStream, connect } from "../live/client.js";
import { Ticket } from "../live/ticket.js";
import { fetchPage } from "../web/http.js";

/** Changes that come within this many ms are fetched together. */
const GATHER = 700;

const room = document.getElementById("chat-room");
const news = document.getElementById("chat-news");
let timer = 0;

/** Is somebody in the middle of something in this list? */
function isInUse(section) {
  const open = section.querySelector("details[open]");
  return Boolean(open) || section.contains(document.activeElement);
}

async function refresh(force = false) {
  let page;
  try {
    page = await fetchPage();
  } catch {
    return; // The next change tries again.
  }
  let isIncomplete = false;
  for (const section of room.querySelectorAll("[data-part=list]")) {
    const fetched = page.getElementById(section.id);
    if (!fetched || fetched.innerHTML === section.innerHTML) continue;
    if (isInUse(section) && !force) isIncomplete = true;
    else section.replaceWith(fetched);
  }
  news.hidden = !isIncomplete;
}

function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, GATHER);
}

news.querySelector("button").addEventListener("click", () => refresh(true));
room.addEventListener("focusout", () => {
  if (!news.hidden) refreshSoon();
});

const { meeting, seq, epoch } = room.dataset;
const client = connect({
  auth: () => ({ meeting: Number(meeting) }),
  ticket: new Ticket(room),
  epoch,
  streams: [chatStream(Number(seq), (messages) => messages.length && refreshSoon())],
  onEpoch: () => location.reload(),
  onLink: () => {},
  on: { stage: refreshSoon },
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) client.wake();
});
