// Films while a title is being typed: a combobox with a list below it. Without this file the form searches as usual.
"use strict";

for (const list of document.querySelectorAll(".suggest__list")) {
  const field = list.parentElement.querySelector("input");
  const status = list.parentElement.querySelector("[data-suggest-status]");
  let timer = 0;
  let asked = new AbortController();
  let chosen = -1;

  const set = (element, names) => { for (const [name, value] of Object.entries(names)) element.setAttribute(name, value); };
  set(field, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" });
  const options = () => [...list.children];

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    chosen = place;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    if (place < 0) {
      field.removeAttribute("aria-activedescendant");
    } else {
      field.setAttribute("aria-activedescendant", options()[place].id);
      options()[place].scrollIntoView({ block: "nearest" });
    }
  };
  const show = (markup) => {
    list.innerHTML = markup;
    const some = list.children.length > 0;
    list.hidden = !some;
    field.setAttribute("aria-expanded", String(some));
    choose(-1);
    status.textContent = some ? status.dataset.some : status.dataset.none;
  };
  const ask = async () => {
    asked.abort();
    asked = new AbortController();
    const text = field.value.trim();
    if (text.length < 2) return close();
    try {
      const answer = await fetch(`${list.dataset.source}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === field) show(await answer.text());
    } catch {
      close(); // a newer question, or no connection: the form still searches
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      // One more place than options: the field itself.
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.address);
    }
  });
  field.addEventListener("blur", () => { clearTimeout(timer); close(); });
  // Before the field loses the focus, which would close the list.
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault();
    if (option) location.assign(option.dataset.address);
  });
}
