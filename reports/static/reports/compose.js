// Composing without a round trip: panels are added, moved, dragged and removed in place. Without this script the same
// buttons send the form, and the server answers with it changed. Only Save stores anything.

const list = document.getElementById("chosen");
const blank = document.getElementById("place").content.firstElementChild;
const said = document.getElementById("said");
const choices = [...document.querySelectorAll(".compose-choice")];

const titleOf = (item) => item.querySelector("[data-title]").textContent.trim();

function settle() {
  const items = [...list.children];
  const taken = new Set(items.map((item) => item.dataset.panel));
  items.forEach((item, place) => {
    item.querySelector("[data-act=up]").disabled = place === 0;
    item.querySelector("[data-act=down]").disabled = place === items.length - 1;
    for (const button of item.querySelectorAll("[data-act]")) button.value = `${button.dataset.act}:${place}`;
  });
  const isFull = items.length >= Number(list.dataset.most);
  for (const choice of choices) choice.querySelector("button").disabled = isFull || taken.has(choice.dataset.panel);
}

function tell(item, words) {
  said.textContent = `${titleOf(item)}: ${words}`;
}

function place(item) {
  return `place ${[...list.children].indexOf(item) + 1} of ${list.children.length}`;
}

function add(choice) {
  const item = blank.cloneNode(true);
  const { panel, title, help } = choice.dataset;
  item.dataset.panel = panel;
  item.querySelector("[name=panel]").value = panel;
  item.querySelector("[data-title]").textContent = title;
  const words = item.querySelector("[data-help]");
  words.textContent = help;
  words.className = "quiet";
  item.querySelector("[name=width]").setAttribute("aria-label", `Width of ${title}`);
  for (const button of item.querySelectorAll("[data-act]")) button.setAttribute("aria-label", `${button.title}: ${title}`);
  list.append(item);
  draggable(item);
  settle();
  tell(item, `added, ${place(item)}`);
}

function move(item, act) {
  if (act === "up") item.previousElementSibling?.before(item);
  if (act === "down") item.nextElementSibling?.after(item);
  if (act === "remove") {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    tell(item, "removed");
    item.remove();
    settle();
    (next?.querySelector("[data-act=remove]") ?? document.getElementById("title")).focus();
    return;
  }
  settle();
  tell(item, place(item));
  const button = item.querySelector(`[data-act=${act}]`);
  (button.disabled ? item.querySelector(`[data-act=${act === "up" ? "down" : "up"}]`) : button).focus();
}

document.querySelector("form.compose").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const item = button?.closest(".compose-item");
  const choice = button?.closest(".compose-choice");
  if (!item && !choice) return;
  event.preventDefault();
  if (item) move(item, button.dataset.act);
  else add(choice);
});

// ---- dragging by the grip ----

let dragged = null;

function draggable(item) {
  const grip = item.querySelector("[data-grip]");
  grip.hidden = false;
  grip.addEventListener("pointerdown", () => { item.draggable = true; });
  item.addEventListener("dragstart", (event) => {
    dragged = item;
    item.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  item.addEventListener("dragend", () => {
    item.draggable = false;
    item.classList.remove("dragged");
    dragged = null;
    settle();
    tell(item, place(item));
  });
}

list.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const over = event.target.closest(".compose-item");
  if (!over || over === dragged) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});
list.addEventListener("drop", (event) => event.preventDefault());

// ---- what a metric can be asked ----

const metric = document.getElementById("metric_name");

function offer(select, names) {
  for (const option of select.options) option.hidden = option.disabled = option.value !== "" && !names.includes(option.value);
  if (select.selectedOptions[0]?.disabled) select.value = "";
}

function offerOf() {
  const { labels = "", figures = "", help = "" } = metric.selectedOptions[0].dataset;
  for (const id of ["metric_by", "metric_label"]) offer(document.getElementById(id), labels.split(" "));
  offer(document.getElementById("metric_figure"), figures.split(" "));
  document.getElementById("metric-help").textContent = help;
}

metric.addEventListener("change", offerOf);
offerOf();
[...list.children].forEach(draggable);
document.querySelector("[data-drag-hint]").hidden = false;
settle();
