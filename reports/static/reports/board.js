// A choice of the filter bar takes effect at once; without this script its button does it.

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// Paper is light, and what was not scrolled to is not drawn yet.

async function print() {
  const root = document.documentElement;
  const { theme } = root.dataset;
  const drawings = [];
  root.dataset.theme = "light";
  document.dispatchEvent(new CustomEvent("charts:draw", { detail: drawings }));
  await Promise.all(drawings);
  window.print();
  root.dataset.theme = theme;
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", print);
}
