// Everything on the projector that is not a card: fetched as the server draws it now, and tried again until it is there.
// A page is never left for a new one before the server has answered: an error page would be the end of it.
import { fetchPage } from "../web/http.js";

const SOON = 300;
const AGAIN = 3000;

/** *onView* is told when something has been put in place. */
export function createRefresher(hall, onView) {
  let whole = false;
  let asked = false;
  let busy = false;

  /** Fetch it in a moment, once for all who ask meanwhile. */
  async function soon(wait = SOON) {
    asked = true;
    if (busy) return;
    busy = true;
    let pause = wait;
    while (asked) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = SOON;
      asked = false;
      try {
        const page = await fetchPage();
        const display = page.getElementById("display");
        if (whole || lanes(display) !== lanes(hall)) location.reload();
        else put(display);
      } catch (error) {
        // Revoked: what is on the screen stays, and the footer says why.
        asked = error.status !== 404;
        pause = AGAIN;
      }
    }
    busy = false;
  }

  function put(display) {
    for (const part of hall.querySelectorAll("[data-part=fresh]")) {
      part.replaceWith(display.querySelector(`#${part.id}`));
    }
    const { view, now } = display.dataset;
    Object.assign(hall.dataset, { view, now });
    onView();
  }

  return {
    soon,
    whole() {
      whole = true;
      soon();
    },
    /** Fetch it unless it shows this stage already. */
    unless({ id, state, name, prompt, display, hold, locked, message }) {
      const now = JSON.stringify([id, state, name, prompt, display, hold, locked, message]);
      if (now !== JSON.stringify(JSON.parse(hall.dataset.now))) soon(0);
    },
  };
}

/** Which areas have a lane. */
function lanes(hall) {
  return [...hall.querySelectorAll("[data-column]")].map((lane) => lane.dataset.column).join();
}
