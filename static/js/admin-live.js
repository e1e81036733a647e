// Keeps the parts marked with data-live up to date while something runs; a log stays at its end if it was there, and
// wherever else somebody reads. Without scripts, reloading does the same.
"use strict";
(() => {
  const EVERY = 2000;
  const parts = () => [...document.querySelectorAll("[data-live]")];
  if (!parts().length) return;
  const renew = (part, newer) => {
    if (newer.innerHTML !== part.innerHTML) {
      const log = part.querySelector("pre");
      const atEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
      const place = log ? log.scrollTop : 0;
      const held = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.innerHTML = newer.innerHTML;
      const renewed = part.querySelector("pre");
      if (renewed) renewed.scrollTop = atEnd ? renewed.scrollHeight : place;
      if (held) document.getElementById(held)?.focus({ preventScroll: true });
    }
    part.dataset.live = newer.dataset.live;
  };
  const refresh = async () => {
    if (!parts().some((part) => part.dataset.live === "running")) return;
    try {
      const answer = document.hidden ? null : await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer?.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of parts()) {
          const newer = page.getElementById(part.id);
          if (newer) renew(part, newer);
        }
      }
    } catch {
      // The site is restarting; the next round will say more.
    }
    setTimeout(refresh, EVERY);
  };
  for (const log of document.querySelectorAll("[data-live=running] pre")) log.scrollTop = log.scrollHeight;
  setTimeout(refresh, EVERY);
})();
