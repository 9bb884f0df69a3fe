// Helpers for elements of the page.
import { countInWords } from "./text.js";

/** The first element of a <template>, copied. */
export function cloneTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Speaks through a live region how many came, but at most every ten seconds. */
export function createAnnouncer(region, every = 10_000) {
  let waiting = 0;
  let resting = false;
  const rest = (milliseconds) => {
    resting = true;
    setTimeout(() => {
      resting = false;
      if (waiting) speak();
    }, milliseconds);
  };
  const speak = () => {
    region.textContent = countInWords(region, waiting);
    waiting = 0;
    rest(every);
  };
  return (n = 1) => {
    waiting += n;
    if (!resting) rest(1000);
  };
}
