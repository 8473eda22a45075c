// Applies the chosen theme before the first paint, and lets a button cycle: as the system, light, dark.
const THEMES = ["auto", "light", "dark"];

function currentTheme() {
  const stored = localStorage.getItem("theme");
  return THEMES.includes(stored) ? stored : "auto";
}

function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  for (const label of document.querySelectorAll("[data-theme-label]")) {
    label.textContent = `Theme: ${theme === "auto" ? "as the system" : theme}`;
  }
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length];
  localStorage.setItem("theme", theme);
  applyTheme(theme);
}

applyTheme(currentTheme());
document.addEventListener("DOMContentLoaded", () => {
  applyTheme(currentTheme());
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", nextTheme);
  }
});
