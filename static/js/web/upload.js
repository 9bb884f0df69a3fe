// Warns at once about a file that is too large: sending it would take minutes on a slow network, only to be refused.
function check(input) {
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
  const id = `${input.id}-size`;
  const shown = document.getElementById(id);
  if (tooLarge && !shown) {
    const error = document.createElement("p");
    error.id = id;
    error.className = "field__error";
    error.role = "alert";
    input.after(error);
    // The words are set after the element: a screen reader speaks what changes in an alert, not an alert that comes filled.
    error.textContent = input.dataset.tooLarge;
    describe(input, id, true);
  } else if (!tooLarge && shown) {
    shown.remove();
    describe(input, id, false);
  }
  return !tooLarge;
}

function describe(input, id, wrong) {
  const others = (input.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .filter((each) => each && each !== id);
  input.setAttribute("aria-describedby", [...others, ...(wrong ? [id] : [])].join(" "));
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

for (const input of document.querySelectorAll('input[type="file"][data-most]')) {
  input.addEventListener("change", () => check(input));
  input.form.addEventListener("submit", (event) => {
    if (check(input)) return;
    event.preventDefault();
    input.focus();
  });
}
