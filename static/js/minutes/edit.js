// Saves the minutes while somebody writes, and adds rows without leaving the page. All words come from the page.

const form = document.getElementById("minutes-form");
const state = document.getElementById("save-state");
/** The draft is saved when nobody has written for this many ms, and again after a failure. */
const PAUSE_MS = 1500;
const AGAIN_MS = 8000;

let timer = 0;
let saving = false;
let changed = false;
let stopped = false;

function saveLater(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

/** Stop saving automatically: the form's own button shows what has to be looked at. */
function stop(words) {
  stopped = true;
  state.textContent = words;
}

async function save() {
  if (saving || stopped || !changed) return;
  saving = true;
  changed = false;
  state.textContent = form.dataset.saving;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (response.status === 409) stop(form.dataset.conflict);
    else if (response.status >= 400 && response.status < 500) {
      state.textContent = form.dataset.fault; // the next letter tries again
    } else if (response.ok) {
      const answer = await response.json();
      form.elements.base.value = answer.base;
      state.textContent = answer.saved;
    } else throw new Error(String(response.status));
  } catch {
    changed = true;
    state.textContent = form.dataset.noContact;
    saveLater(AGAIN_MS);
  } finally {
    saving = false;
    if (changed && !stopped) saveLater(PAUSE_MS);
  }
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function addRow(kind, rows) {
  const id = newId();
  const holder = document.createElement("template");
  holder.innerHTML = document.getElementById(`new-${kind}`).innerHTML.replaceAll("NEWID", id);
  rows.append(holder.content);
  rows.lastElementChild.querySelector("input:not([type=hidden]), textarea").focus();
}

form.addEventListener("input", () => {
  changed = true;
  saveLater(PAUSE_MS);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  if (!button) return;
  event.preventDefault();
  addRow(button.dataset.add, button.closest("fieldset").querySelector("[data-rows]"));
});
form.addEventListener("submit", () => {
  stopped = true;
  clearTimeout(timer);
});
// A tab that is put in the background saves at once, for it may never come back.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});
window.addEventListener("beforeunload", (event) => {
  if (changed && !stopped) event.preventDefault();
});
