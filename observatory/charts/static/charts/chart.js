// Draws the charts of a page. Vega is loaded beside this file; it interprets its expressions, for the CSP allows no eval.

const RANGE = 8;
const LEGEND_PX = 190; // Vega cuts a name at 160 px; its mark and the gap come to that
const STYLES = { accent: "--accent-fill", good: "--good-fill", warn: "--warn-fill", bad: "--bad-fill", muted: "--line-strong", estimate: "--series-6" };

function token(name) {
  // A colour given as light-dark() is only computed where it is used.
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

let known = null; // each token costs a layout of the page, so all charts share one reading

function theme() {
  known ??= readTheme();
  return known;
}

function readTheme() {
  const ink = token("--ink-2");
  const quiet = token("--ink-3");
  const line = token("--line");
  const font = getComputedStyle(document.body).fontFamily;
  const text = { labelFont: font, titleFont: font, labelFontSize: 11, titleFontSize: 11 };
  const ramp = [1, 2, 3, 4, 5].map((step) => token(`--ramp-${step}`));
  return {
    config: {
      background: null,
      font,
      view: { stroke: null },
      range: { category: Array.from({ length: RANGE }, (_, place) => token(`--series-${place + 1}`)), ramp, heatmap: ramp },
      mark: { color: token("--accent-fill"), tooltip: { content: "data" } },  // without it Vega calls no handler
      rule: { color: quiet },
      text: { color: ink },
      axis: {
        ...text, labelColor: quiet, titleColor: quiet, titleFontWeight: "normal", gridColor: line, domainColor: line, tickColor: line,
      },
      legend: { ...text, labelColor: ink, symbolType: "square", symbolStrokeWidth: 0 },
      style: { limit: { strokeDash: [4, 3], stroke: quiet }, "rule-label": { fill: ink, fontSize: 11, font } },
    },
    params: Object.entries(STYLES).map(([name, from]) => ({ name: `style_${name}`, value: token(from) })),
  };
}

// ---- hover: words of the datum, as text ----

const hover = document.createElement("div");
hover.className = "chart-hover";
hover.hidden = true;
document.body.append(hover);

function line(text, className) {
  const row = document.createElement("div");
  row.className = className;
  row.textContent = text;
  return row;
}

function sayHover(handler, event, item, value) {
  const datum = item?.datum?.datum ?? item?.datum;
  if (!value || !datum?.said) {  // without a value the pointer has left
    hover.hidden = true;
    return;
  }
  const name = datum.name ? `${datum.name}: ` : "";
  const about = datum.n === undefined ? "" : `n = ${datum.n.toLocaleString("en")}`;
  hover.replaceChildren(line(datum.at, "chart-hover-at"), line(name + datum.said, "chart-hover-said"), line(about, "chart-hover-at"));
  hover.hidden = false;
  const box = hover.getBoundingClientRect();
  hover.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - box.width - 8))}px`;
  hover.style.top = `${Math.max(4, event.clientY - box.height - 12)}px`;
}

// ---- drawing ----

const noNetwork = {
  load: () => Promise.reject(new Error("A chart loads nothing.")),
  sanitize: () => Promise.reject(new Error("A chart links nowhere.")),
};

function follow(figure, item) {
  const datum = item?.datum?.datum ?? item?.datum;
  if (!figure.dataset.list || !datum || datum.n === 0) return;
  const query = new URLSearchParams(datum.drill ?? "");
  if (datum.t2 !== undefined && !query.has("since")) {
    query.set("since", new Date(datum.t).toISOString());
    query.set("until", new Date(datum.t2).toISOString());
  }
  if (query.size) location.assign(`${figure.dataset.list}&${query}`);
}

const views = new WeakMap();

function specOf(figure) {
  return JSON.parse(figure.querySelector("script").textContent);
}

function legendColumns(box) {
  return { name: "legend_columns", value: Math.max(1, Math.floor(box.clientWidth / LEGEND_PX)) };
}

// One after the other: the first is seen while the next ones are drawn, and the page answers in between.
let last = Promise.resolve();

function draw(figure) {
  const drawing = last.then(() => drawNow(figure));
  last = drawing.catch(reportError).then(() => new Promise((done) => { setTimeout(done); }));
  return drawing;
}

async function drawNow(figure) {
  const spec = specOf(figure);
  const { config, params } = theme();
  const box = figure.querySelector(".chart-box");
  views.get(figure)?.finalize();
  const drawn = await window.vegaEmbed(
    box,
    { ...spec, params: [...(spec.params ?? []), ...params, legendColumns(box)] },
    { mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, config, loader: noNetwork, tooltip: sayHover },
  );
  views.set(figure, drawn);
  drawn.view.addEventListener("click", (event, item) => follow(figure, item));
  figure.vegaView = drawn.view; // for pages that add to a chart
  figure.dataset.drawn = "";
}

// ---- the same as a table, for who cannot point ----

const COLUMNS = [["at", ""], ["name", ""], ["said", ""], ["n", "n"]];
const MOST_ROWS = 1000;

function cell(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function fillTable(figure) {
  const holder = figure.querySelector(".chart-table > div");
  const rows = specOf(figure).data.values.filter((datum) => datum.v !== null).slice(0, MOST_ROWS);
  const shown = COLUMNS.filter(([key]) => rows.some((row) => row[key] !== undefined && row[key] !== ""));
  const heads = { at: holder.dataset.at, name: holder.dataset.name, said: holder.dataset.said, n: "n" };
  const table = document.createElement("table");
  table.className = "table";
  const head = table.createTHead().insertRow();
  for (const [key] of shown) {
    const th = cell("th", heads[key], key === "said" || key === "n" ? "number" : "");
    th.scope = "col";
    head.append(th);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const [key] of shown) {
      const text = key === "n" ? row.n?.toLocaleString("en") ?? "" : row[key] ?? "";
      line.append(cell("td", text, key === "said" || key === "n" ? "number" : "observed"));
    }
  }
  holder.replaceChildren(table);
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".chart-table") && event.target.open) fillTable(event.target.closest("figure.chart"));
}, true);

// ---- when ----

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "300px" });

function each(act, root = document) {
  root.querySelectorAll("figure.chart").forEach(act);
}

function redraw() {
  known = null;
  each((figure) => { if ("drawn" in figure.dataset) draw(figure); });
}

// Whoever changes the data of a figure, or puts a new one on the page, says so by this event on it.
document.addEventListener("chart:changed", ({ target }) => {
  if ("drawn" in target.dataset) draw(target);
  else seen.observe(target);
  if (target.querySelector(".chart-table[open]")) fillTable(target);
});
// Whoever needs all charts now, for paper, waits for the drawings that this adds to `detail`.
document.addEventListener("charts:draw", (event) => each((figure) => event.detail.push(draw(figure))));
document.addEventListener("pointerover", (event) => {
  if (!event.target.closest?.(".chart-box")) hover.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hover.hidden = true;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
each((figure) => seen.observe(figure));
