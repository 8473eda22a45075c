// The list of interactions: rows by keys, and the strip by dragging. Without this file rows and columns are links and the
// time is typed.

// ---- rows ----

const rows = [...document.querySelectorAll("[data-rows] a.cover")];
const search = document.getElementById("q");
const TYPING = "input, textarea, select, [contenteditable]";

function step(by) {
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
}

const KEYS = { j: 1, k: -1 };
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const by = KEYS[event.key] ?? (rows.includes(document.activeElement) ? ARROWS[event.key] : undefined);
  if (by) {
    event.preventDefault();
    step(by);
  } else if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// ---- facets: on a phone the table comes first ----

const facets = document.querySelector("[data-facets]");
if (facets && matchMedia("(max-width: 1000px)").matches) facets.open = false;

// ---- the strip: a drag takes whole columns, which is what the strip counts ----

const strip = document.querySelector("[data-strip]");
const LEAST_PX = 6;
const STEP_MS = 1000 * (strip?.dataset.stepS ?? 1);

function timeAt(figure, clientX) {
  const view = figure.vegaView;
  const scale = view.scale("x");
  const left = figure.querySelector("svg").getBoundingClientRect().left + view.origin()[0];
  const [start, end] = scale.domain().map(Number);
  return Math.min(end, Math.max(start, Number(scale.invert(clientX - left))));
}

function narrow(figure, from, to) {
  const [first, last] = [from, to].map((x) => timeAt(figure, x) / STEP_MS).sort((a, b) => a - b);
  const [since, until] = [Math.floor(first), Math.ceil(last)].map((step) => new Date(step * STEP_MS).toISOString().slice(0, 19));
  if (since !== until) location.assign(`${strip.dataset.strip}&since=${since}&until=${until}`);
}

function watch(figure) {
  const box = figure.querySelector(".chart-box");
  const choice = document.createElement("div");
  choice.className = "strip-choice";
  let from = null;
  let isDragging = false;

  function end() {
    from = null;
    choice.remove();
  }

  box.addEventListener("pointerdown", (event) => {
    if (event.button || !figure.vegaView) return;
    from = event.clientX;
    isDragging = false;
  });
  box.addEventListener("pointermove", (event) => {
    if (from === null || (!isDragging && Math.abs(event.clientX - from) < LEAST_PX)) return;
    if (!isDragging) {
      isDragging = true;
      box.setPointerCapture(event.pointerId);
      box.append(choice);
    }
    const left = box.getBoundingClientRect().left;
    choice.style.left = `${Math.min(from, event.clientX) - left}px`;
    choice.style.width = `${Math.abs(event.clientX - from)}px`;
  });
  box.addEventListener("pointerup", (event) => {
    if (from !== null && isDragging) narrow(figure, from, event.clientX);
    end();
  });
  box.addEventListener("pointercancel", () => {
    isDragging = false;
    end();
  });
  // What ends a drag is not a click on the column under it.
  figure.addEventListener("click", (event) => {
    if (isDragging) event.stopPropagation();
    isDragging = false;
  }, { capture: true });
}

const figure = strip?.querySelector("figure.chart");
if (figure) watch(figure);
