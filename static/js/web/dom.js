// Helpers for elements of the page.
import { countInWords } from "./text.js";

/** Return a copy of the first element of a <template>. */
export function cloneTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Return a function that announces through a live region how many came, at most once in *every* ms. */
export function createAnnouncer(region, every = 10_000) {
  let waiting = 0;
  let isPaused = false;
  const pause = (milliseconds) => {
    isPaused = true;
    setTimeout(() => {
      isPaused = false;
      if (waiting) announce();
    }, milliseconds);
  };
  const announce = () => {
    region.textContent = countInWords(region, waiting);
    waiting = 0;
    pause(every);
  };
  return (n = 1) => {
    waiting += n;
    if (!isPaused) pause(1000);
  };
}
