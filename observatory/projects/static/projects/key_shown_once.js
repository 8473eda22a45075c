// Reloading must not send the form again, which would make another key: the address becomes that of the list.
const list = document.querySelector("script[data-list]").dataset.list;
history.replaceState(null, "", list);
