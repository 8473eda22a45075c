// A veil over observed texts and ids, for a screen that others see: kept by this browser, drawn before the first paint.
const isVeiled = () => localStorage.getItem("veil") === "on";

function applyVeil() {
  document.documentElement.toggleAttribute("data-veiled", isVeiled());
  for (const label of document.querySelectorAll("[data-veil-label]")) {
    label.textContent = isVeiled() ? "Show texts and ids" : "Veil texts and ids";
  }
}

function toggleVeil() {
  localStorage.setItem("veil", isVeiled() ? "off" : "on");
  applyVeil();
}

applyVeil();
document.addEventListener("DOMContentLoaded", () => {
  applyVeil();
  for (const button of document.querySelectorAll("[data-veil-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", toggleVeil);
  }
});
