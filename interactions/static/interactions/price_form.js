// Says, while a price is typed, what it will hold for. Without this file the form says so when it is opened or refused.
const place = document.querySelector("[data-preview]");
const form = place.closest("form");
const NAMES = ["model", "provider", "valid_from_0", "valid_from_1", "input"];
let waiting, asked = 0;

async function show() {
  const number = ++asked;
  const typed = new URLSearchParams(NAMES.map((name) => [name, form.elements[name]?.value ?? ""]));
  const answer = await fetch(`${place.dataset.preview}?${typed}`, { credentials: "same-origin" });
  if (!answer.ok || number !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 250);
});
