// The list from the keyboard. "?" opens the sheet that says which keys there are, and where they can be switched off.
"use strict";

const sheet = document.getElementById("shortcuts");
const opener = document.getElementById("shortcuts-open");
const choice = document.getElementById("shortcuts-on");
const OFF = "movierec-no-shortcuts";

const isOn = () => { try { return localStorage.getItem(OFF) !== "1"; } catch { return true; } };

/** The films of the list, and the place of the one that has the focus or -1. */
function films() {
  const cards = [...document.querySelectorAll(".film article")];
  return { cards, place: cards.findIndex((card) => card.contains(document.activeElement)) };
}

function go(step) {
  const { cards, place } = films();
  const next = cards[place < 0 ? 0 : Math.min(Math.max(place + step, 0), cards.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const { cards, place } = films();
  if (place >= 0) cards[place].querySelector(selector)?.click();
}

const ACTS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => press("h2 a"),
  y: () => press(".why summary"),
  s: () => press(".marks__seen[formaction$='/seen']"),
  w: () => press(".marks__watch"),
  h: () => press(".marks__quiet"),
  u: () => document.querySelector("#said button")?.click(),
  "/": () => document.querySelector(".site-header__search")?.click(),
  "?": () => sheet.showModal(),
};
for (const stars of "12345") ACTS[stars] = () => press(`.stars button[value="${stars}"]`);

// What was pressed has gone with its film: the next one that stands at its place takes the focus.
let place = -1;
document.addEventListener("htmx:afterSettle", (event) => {
  if (place < 0 || event.target.id !== "programme") return;
  const { cards } = films();
  cards[Math.min(place, cards.length - 1)]?.focus({ preventScroll: true });
  place = -1;
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || sheet.open) return;
  if (event.target.closest("input:not([type=range]), select, textarea, [contenteditable]")) return;
  const act = ACTS[event.key];
  if (!act || (event.key !== "?" && !isOn())) return;
  event.preventDefault();
  if ("12345swh".includes(event.key)) place = films().place;
  act();
});

opener.hidden = false;
opener.addEventListener("click", () => sheet.showModal());
choice.checked = isOn();
choice.addEventListener("change", () => {
  try { localStorage.setItem(OFF, choice.checked ? "0" : "1"); } catch { /* for this page only */ }
});
