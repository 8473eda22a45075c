// Shows how far the worker is, while it is at work. Without this file the page shows where it was when it was opened.
const EVERY_MS = 1500;

async function look() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return later();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("repricing");
  if (!fresh) return;
  document.getElementById("repricing").replaceWith(fresh);
  if ("atWork" in fresh.dataset) later();
}

function later() {
  setTimeout(() => look().catch(later), EVERY_MS);
}

if ("atWork" in document.getElementById("repricing").dataset) later();
