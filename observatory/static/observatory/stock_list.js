// On a phone Django's lists become cards, as our own tables do: each cell is named by the heading of its column.
// Without this file they scroll sideways.
const list = document.getElementById("result_list");

if (list) {
  const names = [...list.tHead.rows[0].cells].map((cell) => (cell.querySelector(".text") ?? cell).textContent.trim());
  for (const row of list.tBodies[0].rows) {
    for (const [place, cell] of [...row.cells].entries()) {
      if (!cell.classList.contains("action-checkbox")) cell.dataset.label = names[place];
    }
  }
  list.classList.add("table", "cards");
}
