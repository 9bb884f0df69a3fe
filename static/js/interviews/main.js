// The observer's screen: keys for the numbers, saving without leaving the page, the clock, and the next question.
import { ServerClock } from "../live/clock.js";
import { connectStaff } from "../live/staff.js";
import { fillIn, newUuid, normalizeText } from "../web/text.js";
import { showTimeLeft } from "./clock.js";
import { Notes } from "./notes.js";

const screen = document.getElementById("observe");
const pad = document.getElementById("pad");
const text = document.getElementById("text");
const state = document.getElementById("pad-state");
const KEPT = `dialog:observer:${screen.dataset.meeting}`;

// --- What is half written stays on the device.

function keep() {
  try {
    if (text.value) localStorage.setItem(KEPT, text.value);
    else localStorage.removeItem(KEPT);
  } catch {
    // No storage: the text lives as long as the page.
  }
}

try {
  text.value ||= localStorage.getItem(KEPT) ?? "";
} catch {
  // As above.
}
text.addEventListener("input", keep);
keep(); // what was written before the script had come

// --- Adding.

const notes = new Notes(document.getElementById("notes"), {
  meeting: screen.dataset.meeting,
  address: pad.dataset.notes,
  ticket: () => client.ticket,
  onBack(words) {
    text.value = text.value ? `${words}\n${text.value}` : words;
    keep();
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
  keep();
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

for (const form of document.querySelectorAll("[data-tick]")) {
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

// --- The clock, and the moderator's next step. Nothing moves by itself: the observer may be in the middle of a word.

const clock = new ServerClock();
const time = showTimeLeft(document.getElementById("clock"), clock, screen.dataset);
const client = connectStaff(screen, {
  clock,
  onCards: () => {},
  onEpoch: () => {},
  onLink(link) {
    if (link === "on") notes.outbox.flush();
  },
  onStage(stage) {
    time(stage);
    const here = String(stage.id ?? "") === screen.dataset.stage;
    document.getElementById("moved-on").hidden = here;
  },
});
notes.load();
screen.dataset.ready = "yes";
