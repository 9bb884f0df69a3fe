// Refreshes everything on the projector view that is not a card from the page as the server draws it now, and tries
// again until it is there. The page is never left before the server has answered: it could not return from an error page.
import { fetchPage } from "../web/http.js";

/** Changes within this many ms are fetched together. */
const GATHER = 300;
/** A failed fetch is repeated after this many ms. */
const RETRY_PAUSE = 3000;

/**
 * @param {HTMLElement} current  the projector view
 * @param {() => void} onReplaced  called when parts of it were replaced
 */
export function createRefresher(current, onReplaced) {
  let mustReload = false;
  let isWanted = false;
  let isRunning = false;

  /** Fetch the page in a moment, once for all changes until then. */
  async function soon(wait = GATHER) {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    let pause = wait;
    while (isWanted) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = GATHER;
      isWanted = false;
      try {
        const page = await fetchPage();
        const fetched = page.getElementById("display");
        if (mustReload || lanesOf(fetched) !== lanesOf(current)) location.reload();
        else replaceParts(fetched);
      } catch (error) {
        // The link was revoked: what is on the screen stays, and the footer says why.
        isWanted = error.status !== 404;
        pause = RETRY_PAUSE;
      }
    }
    isRunning = false;
  }

  function replaceParts(fetched) {
    for (const part of current.querySelectorAll("[data-part=fresh]")) {
      part.replaceWith(fetched.querySelector(`#${part.id}`));
    }
    const { view, now } = fetched.dataset;
    Object.assign(current.dataset, { view, now });
    onReplaced();
  }

  return {
    soon,
    /** Load the whole page anew, as soon as the server answers. */
    reload() {
      mustReload = true;
      soon();
    },
    /** Fetch the page unless it shows this stage already. */
    showStage({ id, state, name, prompt, display, hold, locked, message }) {
      const now = JSON.stringify([id, state, name, prompt, display, hold, locked, message]);
      if (now !== JSON.stringify(JSON.parse(current.dataset.now))) soon(0);
    },
  };
}

/** The areas that have a lane. */
function lanesOf(display) {
  return [...display.querySelectorAll("[data-column]")].map((lane) => lane.dataset.column).join();
}
