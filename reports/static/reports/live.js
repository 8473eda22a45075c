// The live page: a stream of snapshots, or one asked for every few seconds where no stream arrives. Texts are set as text.

const POLL_MS = 5_000;
const SILENT_MS = 6_000; // a stream that is open and says nothing is held up by a proxy
const AGAIN_MS = 30_000; // so long after a stream was refused it is tried again
const NEW_MS = 2_000;

const page = document.querySelector("[data-live]");
const find = (name, within = document) => within.querySelector(`[${name}]`);

// ---- showing ----

const STATES = {
  connecting: ["", "Connecting"],
  live: ["good", "Live"],
  polling: ["fair", "Live, every 5 s"],
  reconnecting: ["warn", "Reconnecting"],
  paused: ["", "Paused"],
  over: ["bad", "Signed out, or no longer a member"],
};
let state = "";

function enter(next) {
  if (next === state) return;
  state = next;
  const [mark, words] = STATES[next];
  find("data-live-state").querySelector(".dot").className = `dot ${mark}`;
  find("data-live-words").textContent = words;
  page.dataset.state = next;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function showTile(name, tile) {
  const box = page.querySelector(`[data-tile="${name}"]`);
  if (!box) return;
  const part = (which) => box.querySelector(`[data-part="${which}"]`);
  for (const which of ["value", "n", "note"]) setText(part(which), tile[which]);
  const dot = part("dot");
  dot.className = `dot ${tile.judgement}`;
  dot.hidden = !tile.judgement;
  box.classList.toggle("muted", tile.is_grey);
  if (part("spark").getAttribute("d") !== tile.spark) part("spark").setAttribute("d", tile.spark);
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function cell(className, ...content) {
  const node = make("td", className);
  node.append(...content);
  return node;
}

function rowOf(one) {
  const row = document.createElement("tr");
  row.dataset.key = one.key;
  const time = make("time", "", one.time);
  time.title = `${one.day} ${one.time} UTC`;
  const link = make("a", "cover");
  link.href = one.url;
  link.append(make("bdi", "clip", one.question));
  const question = cell("wide", link);
  if (one.error) {
    const badge = make("span", "badge bad");
    badge.append(make("bdi", "", one.error));
    question.append(" ", badge);
  }
  row.append(cell("nowrap", time), question, cell("", make("bdi", "clip", one.model)), cell("number", one.latency), cell("number", one.cost));
  return row;
}

const drawn = new Map(); // key of an interaction -> what its row says

function showNewest(interactions) {
  const body = find("data-live-newest");
  const rows = new Map([...body.children].map((row) => [row.dataset.key, row]));
  const isFirst = drawn.size === 0;
  const wanted = interactions.map((one) => {
    const key = String(one.key);
    const says = JSON.stringify(one);
    if (rows.has(key) && (drawn.get(key) === says || isFirst)) {
      drawn.set(key, says);
      return rows.get(key);
    }
    const row = rowOf(one);
    if (!rows.has(key) && !isFirst) {
      row.classList.add("is-new");
      setTimeout(() => row.classList.remove("is-new"), NEW_MS);
    }
    drawn.set(key, says);
    return row;
  });
  for (const key of drawn.keys()) {
    if (!interactions.some((one) => String(one.key) === key)) drawn.delete(key);
  }
  // Rows that stay are not touched: who stands on a link of theirs stays there.
  if (wanted.length !== body.children.length || wanted.some((row, place) => row !== body.children[place])) place(body, wanted);
  find("data-live-empty").hidden = interactions.length > 0;
}

function place(body, wanted) {
  for (const row of [...body.children]) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, at) => {
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] ?? null);
  });
}

let noticesSay = "";

function showNotices(notices, calm) {
  const says = JSON.stringify(notices.map((one) => [one.judgement, one.url, one.words.replace(/\d+/g, "#")]));
  const list = find("data-live-notices");
  if (says !== noticesSay || list.children.length !== notices.length) {
    list.replaceChildren(...notices.map(noticeOf));
    noticesSay = says;
  }
  find("data-live-calm").hidden = notices.length > 0;
  setText(find("data-live-calm-words"), calm);
}

function noticeOf(one) {
  const item = make("li", "with-dot");
  const words = make("a", "");
  words.href = one.url;
  words.append(make("bdi", "", one.words));
  item.append(make("span", `dot ${one.judgement}`), words);
  return item;
}

function show(snapshot) {
  const problem = find("data-live-problem");
  problem.hidden = !snapshot.problem;
  setText(problem, snapshot.problem ?? "");
  if (snapshot.problem) return;
  find("data-live-clock").textContent = snapshot.clock;
  for (const [name, tile] of Object.entries(snapshot.tiles)) showTile(name, tile);
  showNewest(snapshot.newest);
  showNotices(snapshot.notices, snapshot.calm);
}

// ---- getting: the stream, else asking ----

let source = null;
let timers = [];
let turn = 0; // what was asked for in an earlier turn is not shown any more

function later(work, ms) {
  timers.push(setTimeout(work, ms));
}

function stop() {
  turn += 1;
  source?.close();
  source = null;
  timers.forEach(clearTimeout);
  timers = [];
}

function listen() {
  stop();
  if (state !== "reconnecting") enter("connecting");
  const own = new EventSource(page.dataset.stream);
  source = own;
  let heardAt = performance.now();
  own.addEventListener("open", () => { heardAt = performance.now(); });
  own.addEventListener("message", (event) => {
    heardAt = performance.now();
    enter("live");
    show(JSON.parse(event.data));
  });
  own.addEventListener("over", () => { stop(); enter("over"); });
  own.addEventListener("poll", poll);
  own.addEventListener("error", () => {
    if (source !== own) return;
    if (own.readyState === EventSource.CLOSED) poll(); // refused: asking tells why
    else enter("reconnecting");
  });
  const watch = () => {
    if (source !== own) return;
    if (own.readyState === EventSource.OPEN && performance.now() - heardAt > SILENT_MS) poll();
    else later(watch, 1_000);
  };
  later(watch, 1_000);
}

async function poll() {
  stop();
  const own = turn;
  later(listen, AGAIN_MS);
  const ask = async () => {
    let next = "reconnecting";
    let snapshot = null;
    try {
      const answer = await fetch(page.dataset.snapshot, { redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.ok) [next, snapshot] = ["polling", await answer.json()];
      else if (answer.status < 500) next = "over";
    } catch {
      next = "reconnecting";
    }
    if (own !== turn) return; // paused meanwhile, or hidden, or a stream is tried again
    if (next === "over") stop();
    else later(ask, POLL_MS);
    enter(next);
    if (snapshot) show(snapshot);
  };
  await ask();
}

// ---- pause, and tabs that nobody sees ----

const pause = find("data-live-pause");

function setPaused(isPaused) {
  pause.textContent = isPaused ? "Resume" : "Pause";
  pause.setAttribute("aria-pressed", String(isPaused));
  if (isPaused) {
    stop();
    enter("paused");
  } else {
    listen();
  }
}

if (page) {
  pause.hidden = false;
  pause.addEventListener("click", () => setPaused(state !== "paused"));
  // A browser keeps six connections to a host: tabs in the background must not hold them.
  document.addEventListener("visibilitychange", () => {
    if (state === "paused" || state === "over") return;
    if (document.hidden) stop();
    else listen();
  });
  listen();
}
