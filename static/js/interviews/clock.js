// The time left of the question, by the server's clock, so that a device whose own clock is wrong shows the same.
import { Countdown, formatClock } from "../live/clock.js";
import { fillIn } from "../web/text.js";

/**
 * Show the time left in *element*. Returns a function that takes a new stage.
 * @param {HTMLElement} element  carries its words as data
 * @param {import("../live/clock.js").ServerClock} clock
 * @param {{now: string, ends: string, left: string}} known  milliseconds since 1970, and seconds when paused
 */
export function showTimeLeft(element, clock, known) {
  const countdown = new Countdown(clock, {
    onTick(seconds, paused) {
      const words = paused ? "paused" : seconds ? "words" : "over";
      const text = seconds === null ? "" : fillIn(element.dataset[words], { time: formatClock(seconds) });
      if (element.textContent !== text) element.textContent = text;
    },
  });
  // The page's time is that of its first byte.
  clock.set(Number(known.now), performance.getEntriesByType("navigation")[0]?.responseStart);
  countdown.set({
    ends_at: known.ends ? Number(known.ends) : null,
    left: known.left ? Number(known.left) : null,
  });
  return (stage) => countdown.set(stage);
}
