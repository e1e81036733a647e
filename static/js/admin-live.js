// Keeps the part marked with data-live up to date while something runs. Without scripts, reloading does the same.
"use strict";
(() => {
  const EVERY = 2000;
  const part = document.querySelector("[data-live]");
  if (!part) return;
  const refresh = async () => {
    if (part.dataset.live !== "running") return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const newer = page.getElementById(part.id);
        if (newer) {
          const held = part.contains(document.activeElement) ? document.activeElement.id : "";
          if (newer.innerHTML !== part.innerHTML) part.innerHTML = newer.innerHTML;
          if (held) document.getElementById(held)?.focus();
          part.dataset.live = newer.dataset.live;
        }
      }
    } catch {
      // The site is restarting; the next round will tell.
    }
    setTimeout(refresh, EVERY);
  };
  setTimeout(refresh, EVERY);
})();
