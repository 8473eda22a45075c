// Choosing a span without loading the page anew, and walking the spans with the arrow keys. Without this file each
// span is an ordinary link to the page with that span open.
const place = document.getElementById("span");
const rows = [...document.querySelectorAll("a[data-span]")];

async function show(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) return location.assign(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.getElementById("span").childNodes);
  history.replaceState(null, "", url);
}

async function choose(row) {
  for (const other of rows) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  await show(row.href);
}

for (const [index, row] of rows.entries()) {
  row.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    choose(row);
  });
  row.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    rows[index + step]?.focus();
  });
}

place.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  if (!link) return;
  event.preventDefault();
  place.replaceChildren();
  const chosen = document.querySelector("a[data-span][aria-current]");
  chosen?.removeAttribute("aria-current");
  chosen?.focus();
  history.replaceState(null, "", link.href);
});
