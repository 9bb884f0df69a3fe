// The light or dark theme of the projector view: the computer's own, until somebody chooses by hand.
const KEY = "display-theme";

export function chooseTheme(button) {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function set(theme) {
    root.dataset.theme = theme;
    button.setAttribute("aria-pressed", String(theme === "dark"));
  }

  set(localStorage.getItem(KEY) ?? (dark.matches ? "dark" : "light"));
  button.addEventListener("click", () => {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, theme);
    set(theme);
  });
}
