// The time left of the question, by the server's clock: a device whose own clock is wrong shows the same.

/**
 * Keeps *element* showing the time left; answers a function that takes the news of a stage.
 * @param {HTMLElement} element  carries its words as data
 * @param {{now: string, ends: string, left: string}} known  milliseconds since 1970, and seconds when paused
 */
export function keepTime(element, known) {
  const ahead = Number(known.now) - Date.now();
  let ends = Number(known.ends) || 0;
  let left = known.left === "" ? null : Number(known.left);

  const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  function draw() {
    if (left !== null) element.textContent = element.dataset.paused.replace("{time}", minutes(left));
    else if (!ends) element.textContent = "";
    else {
      const seconds = Math.ceil((ends - Date.now() - ahead) / 1000);
      element.textContent =
        seconds > 0 ? element.dataset.words.replace("{time}", minutes(seconds)) : element.dataset.over;
    }
  }

  draw();
  setInterval(draw, 1000);
  return (stage) => {
    ends = stage.ends_at ?? 0;
    left = stage.left ?? null;
    draw();
  };
}
