// Comfort on top of what works without it: menus close on Escape and on a click elsewhere, code can be copied.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// What scrolls is scrolled by keyboard, too.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    target.removeAttribute("tabindex");
    if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) target.tabIndex = 0;
  }
});
document.querySelectorAll(".table-box, #changelist .results").forEach((box) => boxes.observe(box));

async function copyFrom(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.textContent.trim());
  const label = button.querySelector("[data-label]");
  label.textContent = "Copied";
  button.addEventListener("blur", () => (label.textContent = "Copy"), { once: true });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  // The clipboard is there on HTTPS and loopback only; elsewhere the text is selected by hand.
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => copyFrom(button));
}

// A page that names no project opens the one that was looked at last.
const project = new URLSearchParams(location.search).get("project");
if (project && /^[-\w]{1,64}$/.test(project)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `observatory_project=${project}; path=/admin/; max-age=31536000; samesite=lax${secure}`;
}
