// Choosing a span without loading the page anew, walking and folding the tree with the arrow keys, the keys to the next
// interaction, and lighting up what belongs together. Without this file all of these are ordinary links.
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

const items = rows.map((row) => row.closest("li"));
const levels = items.map((item) => Number(item.dataset.level));
const twists = items.map((item) => item.querySelector("[data-twist]"));

const isFolded = (index) => twists[index]?.getAttribute("aria-expanded") === "false";

// Fold or unfold; what was folded further down stays so.
function fold(index, isOpening) {
  twists[index].setAttribute("aria-expanded", String(isOpening));
  let folded = Infinity; // the level of the folded span that the rows lie below
  for (const [place, item] of items.entries()) {
    if (levels[place] <= folded) folded = Infinity;
    item.hidden = levels[place] > folded;
    if (!item.hidden && isFolded(place)) folded = levels[place];
  }
}

function walk(index, step) {
  let next = index + step;
  while (items[next]?.hidden) next += step;
  rows[next]?.focus();
}

function sideways(index, isOpening) {
  if (twists[index] && isFolded(index) === isOpening) return fold(index, isOpening);
  if (isOpening) return walk(index, 1);
  let above = index - 1;
  while (above >= 0 && levels[above] >= levels[index]) above -= 1;
  rows[above]?.focus();
}

const ARROWS = {
  ArrowDown: (index) => walk(index, 1),
  ArrowUp: (index) => walk(index, -1),
  ArrowRight: (index) => sideways(index, true),
  ArrowLeft: (index) => sideways(index, false),
};

for (const [index, row] of rows.entries()) {
  if (twists[index]) {
    twists[index].hidden = false;
    twists[index].addEventListener("click", () => fold(index, isFolded(index)));
  }
  row.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    choose(row);
  });
  row.addEventListener("keydown", (event) => {
    if (!ARROWS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    ARROWS[event.key](index);
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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  const step = document.querySelector(`[data-step="${CSS.escape(event.key)}"]`);
  if (step) location.assign(step.href);
});

// A sentence lights up its passages, a passage its sentences: by pointer and by focus.
const claims = [...document.querySelectorAll(".claim[data-claim]")];
const passages = [...document.querySelectorAll("li[data-passage]")];

function partnersOf(one) {
  if (one.dataset.claim) {
    const places = one.dataset.places.split(" ");
    return [...claims.filter((claim) => claim.dataset.claim === one.dataset.claim),
      ...passages.filter((passage) => places.includes(passage.dataset.passage))];
  }
  const wanted = one.dataset.claims;
  const isPartner = (claim) => claim.dataset.places.split(" ").includes(one.dataset.passage);
  return [...claims.filter((claim) => (wanted ? claim.dataset.claim === wanted : isPartner(claim))),
    ...passages.filter((passage) => passage.dataset.passage === one.dataset.passage)];
}

const lightable = (target) => target?.closest?.("[data-claim], [data-claims], [data-passage]");

let pointed = null;

// What is pointed at has its partners lit up, or else what has the focus: a page that scrolls moves below a pointer at rest.
function light() {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const one = lightable(pointed) ?? lightable(document.activeElement);
  if (one) for (const partner of partnersOf(one)) partner.classList.add("lit");
}

if (claims.length) {
  document.addEventListener("pointerover", (event) => {
    pointed = event.target;
    light();
  });
  document.addEventListener("focusin", (event) => {
    if (lightable(event.target)) pointed = null;
    light();
  });
  document.addEventListener("focusout", light);
}
