// Shows how far the worker is, while it is at work. Without this file the page shows where it was when it was opened.
const EVERY_MS = 2000;

async function look() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return later();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("evaluation");
  if (!fresh) return;
  const shown = document.getElementById("evaluation");
  // Whoever is on a link or button keeps it: then only a later look takes the place.
  if (!shown.contains(document.activeElement)) shown.replaceWith(fresh);
  if ("atWork" in fresh.dataset || shown.isConnected) later();
}

function later() {
  setTimeout(() => look().catch(later), EVERY_MS);
}

if ("atWork" in document.getElementById("evaluation").dataset) later();
