// Tells which films of a list have been on the screen: half of them for a second. In batches, so that nothing waits for it.
(() => {
  const SECOND = 1000, BATCH_SECONDS = 5, MOST = 100;
  const waiting = new Map();
  const told = new Set();
  let queue = [];

  const flush = () => {
    const list = document.querySelector("[data-events]");
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (!queue.length || !list || !token) return;
    const form = new FormData();
    form.append("csrfmiddlewaretoken", token.value);
    form.append("events", JSON.stringify(queue.slice(0, MOST)));
    if (navigator.sendBeacon(list.dataset.events, form)) queue = queue.slice(MOST);
  };

  const seen = (element) => {
    const [list, row, place] = element.dataset.shown.split(".");
    if (told.has(element.dataset.shown)) return;
    told.add(element.dataset.shown);
    queue.push({
      id: `seen/${element.dataset.shown}`.slice(0, 64),
      kind: "impression", list, row, place: Number(place), at: new Date().toISOString(),
    });
    if (queue.length >= MOST) flush();
  };

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waiting.get(target));
      waiting.delete(target);
      if (isIntersecting) waiting.set(target, setTimeout(() => seen(target), SECOND));
    }
  }, { threshold: 0.5 });

  const watch = () => {
    observer.disconnect();
    waiting.forEach(clearTimeout);
    waiting.clear();
    document.querySelectorAll("[data-shown]").forEach((element) => observer.observe(element));
  };

  watch();
  document.addEventListener("htmx:afterSettle", watch);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  addEventListener("pagehide", flush);
  setInterval(flush, BATCH_SECONDS * SECOND);
})();
