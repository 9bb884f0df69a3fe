// Light or dark, chosen by hand for the hall at hand; else as the computer has it.
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
