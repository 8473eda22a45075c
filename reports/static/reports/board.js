// A choice of the filter bar takes effect at once; without this script its button does it.

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
