// The observer's screen: keys for the speakers' numbers, notes sent without leaving the page, the clock, the next question.
import { connect } from "../live/client.js";
import { ServerClock } from "../live/clock.js";
import { Ticket } from "../live/ticket.js";
import { fillIn, newUuid, normalizeText } from "../web/text.js";
import { showTimeLeft } from "./clock.js";
import { Notes } from "./notes.js";

const screen = document.getElementById("observe");
const pad = document.getElementById("pad");
const text = document.getElementById("text");
const state = document.getElementById("pad-state");
const DRAFT_KEY = `dialog:observer:${screen.dataset.meeting}`;

// --- The draft stays on the device.

function saveDraft() {
  try {
    if (text.value) localStorage.setItem(DRAFT_KEY, text.value);
    else localStorage.removeItem(DRAFT_KEY);
  } catch {
    // Without storage the text lives as long as the page.
  }
}

try {
  text.value ||= localStorage.getItem(DRAFT_KEY) ?? "";
} catch {
  // Without storage there is no draft.
}
text.addEventListener("input", saveDraft);
saveDraft(); // keeps what was written before this script was loaded

// --- Adding.

const ticket = new Ticket(screen);
const notes = new Notes(document.getElementById("notes"), {
  meeting: screen.dataset.meeting,
  address: pad.dataset.notes,
  ticket,
  onTakeBack(words) {
    text.value = text.value ? `${words}\n${text.value}` : words;
    saveDraft();
    text.focus();
  },
  onState(words) {
    state.textContent = words;
  },
  onTrouble(fails) {
    document.getElementById("no-storage").hidden = !fails;
  },
});

function add() {
  const written = normalizeText(text.value);
  const over = [...written].length - Number(text.dataset.most);
  if (!written || over > 0) {
    state.textContent = written ? fillIn(pad.dataset.long, { over }) : pad.dataset.empty;
    text.focus();
    return;
  }
  const { speaker, kind, area } = Object.fromEntries(new FormData(pad));
  const who = pad.querySelector("[name=speaker]:checked + span").textContent;
  notes.add({
    uuid: newUuid(),
    text: written,
    speaker,
    kind,
    area: area ?? "",
    question: notes.list.dataset.question,
    who: who.replace(/\s+/g, " ").trim(),
  });
  text.value = "";
  saveDraft();
  text.focus();
}

pad.addEventListener("submit", (event) => {
  event.preventDefault();
  add();
});

// --- Keys.

const writes = (element) => element.matches("textarea, select, input:not([type=radio])");

function choose(number) {
  const wanted = number === "0" ? "" : number;
  const chip = [...pad.querySelectorAll("[name=speaker]")].find((radio) => radio.value === wanted);
  if (!chip) return false;
  chip.checked = true;
  text.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && event.target === text) {
    event.preventDefault();
    add();
    return;
  }
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (!digit || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (writes(event.target) && !event.altKey) return;
  if (choose(digit)) event.preventDefault();
});

document.getElementById("keys").hidden = false;

// --- Follow-up questions.

for (const form of document.querySelectorAll("[data-follow-up]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const asked = form.elements.asked.value === "1";
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
    } catch {
      state.textContent = pad.dataset.noContact;
      return;
    }
    button.setAttribute("aria-pressed", String(asked));
    form.elements.asked.value = asked ? "0" : "1";
  });
}

// --- The clock, and the moderator's next step. The page does not move on by itself: the observer may be writing.

const clock = new ServerClock();
const followTime = showTimeLeft(document.getElementById("clock"), clock, screen.dataset);
connect({
  auth: () => ({ meeting: Number(screen.dataset.meeting) }),
  ticket,
  epoch: screen.dataset.epoch,
  clock,
  streams: [],
  onEpoch: () => {},
  onLink(link) {
    if (link === "on") notes.outbox.flush();
  },
  on: {
    stage(stage) {
      followTime(stage);
      const isHere = String(stage.id ?? "") === screen.dataset.stage;
      document.getElementById("moved-on").hidden = isHere;
    },
  },
});
notes.load();
screen.dataset.ready = "yes";
