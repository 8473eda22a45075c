/* A web page for Observatory: how it loaded, what failed in it, what it says by track(), and what its users say of answers.
 *
 *   <script src="observatory.js"></script>
 *   observatory.start({endpoint: "https://observatory.example.com", key: "obs_..."});
 *   observatory.track("question_category", {category: "billing", questionLength: 44});
 *   observatory.feedback({interaction_id: "0b6f3d1e-...", rating: 4, comment: "Right, but long."});
 *   observatory.signal("re-query", {interaction_id: "0b6f3d1e-..."});
 *
 * The key has the feedback scope. Nothing here throws or waits: a collector that fails never breaks the page.
 */
(function (page) {
  "use strict";
  const BATCH = 50;
  const MOST_WAITING = 500; // beyond, the oldest messages give way
  const MOST_ERRORS = 50; // a page that fails in a loop says so often enough
  const MOST_BYTES = 60000; // browsers refuse keepalive requests of more than 64 KiB
  const LONGEST_WAIT_MS = 60000;
  const LONGEST_TEXT = 8000;
  const METRICS = "/api/metrics/client", SAID = "/api/v1/feedback/explicit", DONE = "/api/v1/feedback/implicit";
  const ALWAYS = new Set(["error", "user_feedback"]); // sent by pages that the sample leaves out, too

  let options = null;
  let isSampled = true;
  let waiting = []; // messages as JSON, each with the path it goes to
  let timer = 0, failures = 0, errors = 0;

  // What is caught: a browser without the feature, or data that is no JSON.
  function quietly(action) {
    return function (...values) {
      try {
        return action(...values);
      } catch (error) {
        if (page.console) page.console.debug("observatory:", error);
      }
    };
  }

  function newId() {
    const bytes = page.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function sessionId() {
    if (options && options.sessionId) return String(options.sessionId);
    try {
      const id = page.sessionStorage.getItem("observatory.session") || newId();
      page.sessionStorage.setItem("observatory.session", id);
      return id;
    } catch (error) {
      return newId(); // storage is forbidden: the page is a session of its own
    }
  }

  function start(given) {
    if (options || !given || !given.endpoint || !given.key) return;
    options = {sampling: 1, flushMs: 2000, performance: true, errors: true, ...given};
    options.base = String(options.endpoint).replace(/\/+$/, "");
    options.sessionId = sessionId();
    // By the session's id, so that a session is kept whole or not at all.
    isSampled = hash(options.sessionId) < options.sampling;
    if (options.errors) watchErrors();
    if (options.performance) afterLoad(quietly(sendTimings));
    page.document.addEventListener("visibilitychange", () => page.document.visibilityState === "hidden" && flush(true));
    page.addEventListener("pagehide", () => flush(true));
    if (waiting.length) plan(0);
  }

  function hash(text) {
    let number = 2166136261;
    for (const letter of text) number = Math.imul(number ^ letter.charCodeAt(0), 16777619); // FNV-1a
    return ((number ^ (number >>> 15)) >>> 0) / 4294967296;
  }

  function track(type, data) {
    if (options && !isSampled && !ALWAYS.has(type)) return;
    put(METRICS, {id: newId(), type, data: {sessionId: sessionId(), ...data}, timestamp: Date.now()});
  }

  function feedback(said) {
    put(SAID, {...ofAnswer(said), occurred_at: Date.now()});
  }

  function signal(kind, about) {
    put(DONE, {...ofAnswer(about), signal: kind, occurred_at: Date.now()});
  }

  // Without an answer it is said of the session. The page's session is not that of an answer, so it is not sent with one.
  function ofAnswer(about) {
    const user = options && options.userId ? {user_id: String(options.userId)} : {};
    const isNamed = about && (about.interaction_id || about.trace_id);
    return {...user, ...(isNamed ? {} : {session_id: sessionId()}), ...about};
  }

  function put(path, message) {
    // As text at once: what the page changes afterwards does not change what is sent.
    waiting.push({path, text: JSON.stringify(message)});
    if (waiting.length > MOST_WAITING) waiting.shift();
    if (options) plan(waiting.length >= BATCH ? 0 : options.flushMs);
  }

  function plan(delayMs) {
    if (timer && (failures || delayMs > 0)) return;
    page.clearTimeout(timer);
    const backoffMs = Math.min(options.flushMs * 2 ** failures, LONGEST_WAIT_MS);
    timer = page.setTimeout(flush, failures ? backoffMs : delayMs);
  }

  function nextBatch() {
    const {path} = waiting[0];
    let bytes = 2;
    let count = 0;
    while (count < waiting.length && count < BATCH && waiting[count].path === path) {
      bytes += waiting[count].text.length * 3 + 1; // a character has at most three bytes for each unit of its length
      if (count++ > 0 && bytes > MOST_BYTES) return waiting.splice(0, count - 1);
    }
    return waiting.splice(0, count);
  }

  function send(isLast) {
    page.clearTimeout(timer);
    timer = 0;
    if (!options || !waiting.length) return;
    const batch = nextBatch();
    const url = options.base + batch[0].path;
    const body = "[" + batch.map((message) => message.text).join(",") + "]";
    const headers = {"Content-Type": "application/json", Authorization: "Bearer " + options.key};
    page.fetch(url, {method: "POST", headers, body, keepalive: body.length * 3 < 65536, credentials: "omit"})
      .then((answer) => settle(batch, answer.status === 408 || answer.status === 429 || answer.status >= 500))
      .catch(() => settle(batch, true));
    if (isLast === true && waiting.length) send(true);
  }
  const flush = quietly(send);

  function settle(batch, isToRepeat) {
    failures = isToRepeat ? failures + 1 : 0;
    if (isToRepeat) waiting = batch.concat(waiting).slice(-MOST_WAITING); // with their ids: nothing is stored twice
    if (waiting.length) plan(options.flushMs);
  }

  function report(error, message) {
    if (errors++ >= MOST_ERRORS) return;
    quietTrack("error", {
      message: String(message || (error && error.message) || error).slice(0, LONGEST_TEXT),
      stack: String((error && error.stack) || "").slice(0, LONGEST_TEXT),
      severity: "high", userAgent: page.navigator.userAgent, url: page.location.href,
      ...(options.userId ? {userId: String(options.userId)} : {}),
    });
  }

  function watchErrors() {
    page.addEventListener("error", quietly((event) => event.message && report(event.error, event.message)));
    page.addEventListener("unhandledrejection", quietly((event) => report(event.reason)));
  }

  function afterLoad(action) {
    const later = () => page.setTimeout(action, 0); // the end of "load" itself is known only after it
    return page.document.readyState === "complete" ? later() : page.addEventListener("load", later);
  }

  function sendTimings() {
    const [load] = page.performance.getEntriesByType("navigation");
    const paints = page.performance.getEntriesByType("paint");
    const painted = (name) => paints.filter((paint) => paint.name === name).map((paint) => paint.startTime)[0];
    quietTrack("performance", {
      pageLoadTime: load && load.loadEventEnd, domContentLoaded: load && load.domContentLoadedEventEnd,
      firstPaint: painted("first-paint"), firstContentfulPaint: painted("first-contentful-paint"),
      memoryUsage: page.performance.memory && page.performance.memory.usedJSHeapSize, url: page.location.pathname,
    });
  }

  const quietTrack = quietly(track);
  page.observatory = {
    start: quietly(start), track: quietTrack, feedback: quietly(feedback), signal: quietly(signal), flush: flush,
  };
})(window);
