// Everything works without this file; it only tells of requests that htmx could not finish, and keeps the focus.
"use strict";

const trouble = () => document.getElementById("trouble");

document.addEventListener("htmx:beforeRequest", () => { trouble().hidden = true; });
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => { trouble().hidden = false; });
}

// The button that was pressed has gone with its film: go on from what was said, where "Undo" is.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "programme" || document.activeElement !== document.body) return;
  document.querySelector("#said button")?.focus({ preventScroll: true });
});
