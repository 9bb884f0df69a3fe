// Counts how many notes are to be saved and how many left out, as boxes are ticked.
const status = document.getElementById("kept");
const ticks = [...document.querySelectorAll(".note__keep input")];

document.querySelector(".intake").addEventListener("change", (event) => {
  if (!ticks.includes(event.target)) return;
  const kept = ticks.filter((tick) => tick.checked).length;
  status.textContent = status.dataset.words.replace("#kept", kept).replace("#left", ticks.length - kept);
});
