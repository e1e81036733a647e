// After an answer the keyboard goes on at the film that took the place of the answered one.
"use strict";

let place = -1;

document.addEventListener("htmx:beforeRequest", () => {
  const film = document.activeElement?.closest(".asking__film");
  place = film ? [...film.parentElement.children].indexOf(film) : -1;
});
document.addEventListener("htmx:afterSettle", () => {
  if (place < 0 || document.activeElement !== document.body) return;
  const films = document.querySelectorAll(".asking__film");
  films[Math.min(place, films.length - 1)]?.querySelector("button")?.focus({ preventScroll: true });
});
