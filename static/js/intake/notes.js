// Counts the notes in the box as the server will: lines with something on them.
const box = document.getElementById("notes");
const count = document.getElementById("count");

function show() {
  const lines = box.value.split("\n").filter((line) => line.trim()).length;
  const words = lines === 1 ? count.dataset.one : count.dataset.many;
  count.textContent = lines ? words.replace("#", lines) : "";
}

let waiting;
box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 300); // so that a screen reader does not speak the count at every key
});
show();
