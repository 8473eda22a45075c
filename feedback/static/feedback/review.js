// Answering by keys: y/1 and n/0 (or 1 to 5) answer the current question and go on, j and k go to the next one and back,
// s skips, Enter submits; a correction has no lock and nothing to skip. Without this file the form is answered by pointer and Tab.
const form = document.getElementById("review");
const questions = [...form.querySelectorAll("[data-question]")];
const MINUTE_MS = 60_000;
let current = 0;

function show(place, isFocused = true) {
  current = Math.max(0, Math.min(questions.length - 1, place));
  for (const [number, one] of questions.entries()) one.classList.toggle("current", number === current);
  const inputs = [...questions[current].querySelectorAll("input")];
  if (isFocused) (inputs.find((one) => one.checked) ?? inputs[0]).focus();
}

// 1 is yes and 0 is no, where a question has no number of its own.
const SAME = { 1: "y", 0: "n" };

function answer(key) {
  const find = (wanted) => questions[current].querySelector(`input[data-key="${CSS.escape(wanted)}"]`);
  const choice = find(key) ?? (SAME[key] ? find(SAME[key]) : null);
  if (!choice) return false;
  choice.checked = true;
  show(current + 1);
  return true;
}

const skip = form.querySelector("[data-skip]");
const ACTS = {
  j: () => show(current + 1),
  k: () => show(current - 1),
  ...(skip && { s: () => form.requestSubmit(skip) }),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.closest("textarea, select, input:not([type=radio])");
  const isPressing = event.target.closest("a, button, summary");
  if (event.key === "Enter" && !isTyping && !isPressing) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (isTyping) return;
  if (ACTS[event.key]) {
    event.preventDefault();
    ACTS[event.key]();
  } else if (answer(event.key)) {
    event.preventDefault();
  }
});

for (const [place, one] of questions.entries()) one.addEventListener("focusin", () => show(place, false));

function tell() {
  const minutes = Math.ceil((Date.parse(form.dataset.until) - Date.now()) / MINUTE_MS);
  form.querySelector("[data-left]").textContent = minutes > 0 ? ` (${minutes} min left)` : " (over: somebody else may take it)";
}

if (form.dataset.until) {
  tell();
  setInterval(tell, MINUTE_MS / 4);
}
show(0);
