// Wait until the worker has made a file, then open it. All texts come from the page.

const box = document.querySelector("[data-waiting-file]");
const POLL_INTERVAL_MS = 700;

async function fetchState() {
  const answer = await fetch(box.dataset.status, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const { state, progress } = await answer.json();
  box.querySelector("progress").value = progress;
  return state;
}

async function wait() {
  let state = "queued";
  try {
    state = await fetchState();
  } catch {
    // The network may be away for a moment; the next poll finds out.
  }
  if (state === "done") {
    box.querySelector("[role=status] p").textContent = box.dataset.ready;
    location.assign(box.dataset.file);
  } else if (state === "failed") {
    location.reload();
  } else {
    setTimeout(wait, POLL_INTERVAL_MS);
  }
}

if (box) wait();
