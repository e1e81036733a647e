// Everything works without this file; it tells of requests that htmx could not finish, and keeps place and focus.
"use strict";

const trouble = () => document.getElementById("trouble");

document.addEventListener("htmx:beforeRequest", () => { trouble().hidden = true; });
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => { trouble().hidden = false; });
}

// What was said stands between the films, where the hand is, and never over them: its own place may be scrolled away.
const BETWEEN = ".film, .row, .row__film, .rated > li, .yours, .more, .asking__film, .asking__again";
const home = document.createComment("what was said");
let hand = 0;

const isSeen = (top, height) => top >= 0 && top + height <= window.innerHeight;

/** Whether something put before this element would begin a line of its own and leave no hole in the one above. */
function beginsLine(element) {
  const before = element.previousElementSibling;
  return before !== null && before.getBoundingClientRect().bottom <= element.getBoundingClientRect().top + 1;
}

function sayAtHand(within) {
  const said = document.getElementById("said");
  if (!said?.querySelector(".said__row")) return;
  const own = said.getBoundingClientRect();
  if (isSeen(own.top, own.height)) return;
  const places = [...within.querySelectorAll(BETWEEN)].filter((place) => !place.closest("details:not([open])") && beginsLine(place));
  const far = (place) => {
    const top = place.getBoundingClientRect().top;
    return Math.abs(top - hand) + (isSeen(top, own.height) ? 0 : 2 * window.innerHeight);
  };
  const nearest = places.sort((one, other) => far(one) - far(other))[0];
  if (!nearest) return;
  const line = document.createElement(nearest.tagName === "LI" ? "li" : "div");
  line.className = "said__line";
  said.replaceWith(home);
  line.append(said);
  nearest.before(line);
  const top = line.getBoundingClientRect().top;
  if (!isSeen(top, own.height)) line.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:beforeRequest", (event) => { hand = event.detail.elt.getBoundingClientRect().top; });
document.addEventListener("htmx:beforeSwap", (event) => {
  const line = document.querySelector(".said__line");
  if (!line || !event.detail.target.contains(line)) return;
  if (home.isConnected) home.replaceWith(line.querySelector("#said"));
  line.remove();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.querySelector(".film, .asking")) sayAtHand(event.target);
});

// On a narrow screen the rows come on demand, and stay when the list is swapped.
function keepRest() { if (location.hash === "#rest") document.documentElement.classList.add("shows-rest"); }
window.addEventListener("hashchange", keepRest);
keepRest();

// The button that was pressed has gone with its film: go on from what was said, where "Undo" is.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "programme" || document.activeElement !== document.body) return;
  document.querySelector("#said button")?.focus({ preventScroll: true });
});
