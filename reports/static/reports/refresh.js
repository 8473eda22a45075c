// Shows a board anew each minute while it is looked at. What the reader does - scroll, focus, an open table - stays.

const EVERY_MS = 60_000;
const bar = document.querySelector("[data-refresh]");
const when = bar.querySelector("[data-refresh-when]");
const button = bar.querySelector("button");
const shown = new WeakMap();
let isPaused = false;
let shownAt = Date.now();
let askedAt = shownAt;
let asking = null; // the newest question, while it is open and its answer is wanted

function say(text, isBad = false) {
  when.textContent = text;
  when.classList.toggle("worse", isBad);
}

function sayTime() {
  say(`Updated ${new Date(shownAt).toISOString().slice(11, 19)} UTC`);
}

// The place of the focus, found again in the new content by its order among what can have it.
const FOCUSABLE = "a[href], button, summary, input, select, [tabindex]";

function focusPlace(panel) {
  return [...panel.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
}

function renew(panel, fresh) {
  const html = fresh.innerHTML;
  if (shown.get(panel) === html) return;
  shown.set(panel, html);
  const place = focusPlace(panel);
  const figure = panel.querySelector("figure.chart");
  const other = fresh.querySelector("figure.chart");
  if (figure && other) {
    // The figure stays, with its drawing, so that nothing jumps while the new one is drawn.
    figure.querySelector("script").replaceWith(document.adoptNode(other.querySelector("script")));
    figure.querySelector(".chart-box").setAttribute("aria-label", other.querySelector(".chart-box").getAttribute("aria-label"));
    figure.dataset.list = other.dataset.list ?? "";
    figure.querySelector(".chart-note").replaceWith(document.adoptNode(other.querySelector(".chart-note")));
    other.replaceWith(figure);
  }
  panel.replaceChildren(...fresh.childNodes);
  if (place >= 0) panel.querySelectorAll(FOCUSABLE)[place]?.focus({ preventScroll: true });
  panel.querySelectorAll("figure.chart").forEach((one) => one.dispatchEvent(new CustomEvent("chart:changed", { bubbles: true })));
}

async function refresh() {
  if (asking) return;
  const own = {};
  asking = own;
  askedAt = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const html = await answer.text();
    if (asking !== own) return; // paused meanwhile
    if (answer.redirected) return say("You are logged out: load the page again.", true);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const panel of document.querySelectorAll(".board > section")) {
      const fresh = page.getElementById(panel.id);
      if (fresh) renew(panel, fresh);
    }
    shownAt = Date.now();
    sayTime();
  } catch (error) {
    if (asking !== own) return;
    say(`Not updated since ${new Date(shownAt).toISOString().slice(11, 19)} UTC: ${error.message}`, true);
  } finally {
    if (asking === own) asking = null;
  }
}

function isDue() {
  return !isPaused && document.visibilityState === "visible" && Date.now() - askedAt >= EVERY_MS;
}

setInterval(() => { if (isDue()) refresh(); }, 1_000);
document.addEventListener("visibilitychange", () => { if (isDue()) refresh(); });
button.addEventListener("click", () => {
  isPaused = !isPaused;
  button.setAttribute("aria-pressed", String(isPaused));
  button.textContent = isPaused ? "Go on" : "Pause";
  asking = null;
  if (isPaused) say(`Paused at ${new Date(shownAt).toISOString().slice(11, 19)} UTC`);
  else refresh();
});
bar.hidden = false;
sayTime();
