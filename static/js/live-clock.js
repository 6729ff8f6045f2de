// Clocks of a live session: they are the server's, told anew with each change, and counted down in between.
(() => {
  const seen = new WeakMap();

  function tick() {
    document.querySelectorAll("[data-live-shared] [data-clock]").forEach(count);
  }

  function count(clock) {
    if (!seen.has(clock)) seen.set(clock, performance.now());
    const isRunning = clock.dataset.running === "1";
    const gone = isRunning ? Math.floor((performance.now() - seen.get(clock)) / 1000) : 0;
    const left = Number(clock.dataset.left) - gone;
    const total = Number(clock.dataset.total);
    clock.querySelector("[data-clock-time]").textContent = words(left);
    clock.classList.remove("clock-calm", "clock-soon", "clock-last");
    clock.classList.add(left > total * 0.2 ? "clock-calm" : left > total * 0.05 ? "clock-soon" : "clock-last");
    const over = clock.querySelector("[data-clock-over]"); // the phase's own clock; turns have none
    if (!over) return;
    over.hidden = left > 0 || !isRunning;
    const own = document.querySelector("[data-clock-extra]"); // somebody who has more time than the others
    if (own) own.textContent = words(left + Number(own.dataset.clockExtra));
  }

  function words(seconds) {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    return `${seconds < 0 ? "−" : ""}${minutes}:${String(Math.abs(seconds) % 60).padStart(2, "0")}`;
  }

  document.addEventListener("live:shown", tick);
  setInterval(tick, 1000);
})();
