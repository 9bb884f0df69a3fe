// The observer's screen: keys for the numbers, saving without leaving the page, the clock, and the next question.
import { parseCard } from "../live/dom.js";
import { connectStaff } from "../live/staff.js";
import { keepTime } from "./clock.js";

const screen = document.getElementById("observe");
const pad = document.getElementById("pad");
const text = document.getElementById("text");
const state = document.getElementById("pad-state");
const notes = document.getElementById("notes");
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

let sending = false;

async function add() {
  if (sending) return;
  if (!text.value.trim()) {
    state.textContent = pad.dataset.empty;
    text.focus();
    return;
  }
  sending = true;
  try {
    const response = await fetch(pad.action, {
      method: "POST",
      body: new FormData(pad),
      headers: { Accept: "application/json" },
    });
    const answer = await response.json();
    if (!answer.ok) {
      const faults = Object.values(answer.error.fields ?? {});
      state.textContent = [answer.error.message, ...faults].join(" ");
      return;
    }
    show(answer);
  } catch {
    state.textContent = pad.dataset.noContact;
  } finally {
    sending = false;
  }
}

function show({ html, uuid }) {
  const item = document.createElement("li");
  item.append(parseCard(html));
  notes.prepend(item);
  document.getElementById("no-notes").hidden = true;
  pad.elements.uuid.value = uuid;
  text.value = "";
  keep();
  state.textContent = pad.dataset.saved;
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

const time = keepTime(document.getElementById("clock"), screen.dataset);
connectStaff(screen, {
  onCards: () => {},
  onEpoch: () => {},
  onLink: () => {},
  onStage(stage) {
    time(stage);
    const here = String(stage.id ?? "") === screen.dataset.stage;
    document.getElementById("moved-on").hidden = here;
  },
});
