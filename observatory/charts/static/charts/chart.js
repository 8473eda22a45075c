// Draws the charts of a page. Vega is loaded beside this file; it interprets its expressions, for the CSP allows no eval.

const RANGE = 8;
const STYLES = { accent: "--accent-fill", good: "--good-fill", warn: "--warn-fill", bad: "--bad-fill", muted: "--line-strong" };

function token(name) {
  // A colour given as light-dark() is only computed where it is used.
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function theme() {
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
      mark: { color: token("--accent-fill") },
      axis: {
        ...text, labelColor: quiet, titleColor: quiet, titleFontWeight: "normal", gridColor: line, domainColor: line, tickColor: line,
      },
      legend: { ...text, labelColor: ink, symbolType: "square", symbolStrokeWidth: 0 },
      style: { limit: { strokeDash: [4, 3], stroke: quiet }, "rule-label": { fill: quiet, fontSize: 11, font } },
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

function sayHover(handler, event, item) {
  const datum = item?.datum?.datum ?? item?.datum;
  if (!datum?.said) {
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
  if (datum?.drill && figure.dataset.list) {
    location.assign(`${figure.dataset.list}&${datum.drill}`);
  }
}

async function draw(figure) {
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const { config, params } = theme();
  const box = figure.querySelector(".chart-box");
  const { view } = await window.vegaEmbed(
    box,
    { ...spec, params: [...(spec.params ?? []), ...params] },
    { mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, config, loader: noNetwork, tooltip: sayHover },
  );
  view.addEventListener("click", (event, item) => follow(figure, item));
  box.addEventListener("pointerleave", () => { hover.hidden = true; });
  figure.dataset.drawn = "";
}

const figures = [...document.querySelectorAll("figure.chart")];
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "300px" });
figures.forEach((figure) => seen.observe(figure));

function redraw() {
  figures.filter((figure) => "drawn" in figure.dataset).forEach(draw);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
export { draw };
