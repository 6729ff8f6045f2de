// Clocks of a live session: they are the server's, told anew with each change, and counted down in between.
(() => {
  const seen = new WeakMap();

  function tick() {
    const clocks = [...document.querySelectorAll("[data-live-shared] [data-clock]")];
    const [left] = clocks.map(show); // the phase's own comes first, then perhaps that of a turn
    const own = document.querySelector("[data-clock-extra]"); // somebody who has more time than the others
    if (own && clocks.length) own.textContent = words(left + Number(own.dataset.clockExtra));
  }

  function show(clock) {
    if (!seen.has(clock)) seen.set(clock, performance.now());
    const isRunning = clock.dataset.running === "1";
    const gone = isRunning ? Math.floor((performance.now() - seen.get(clock)) / 1000) : 0;
    const left = Number(clock.dataset.left) - gone;
    const total = Number(clock.dataset.total);
    clock.querySelector("[data-clock-time]").textContent = words(left);
    clock.classList.remove("clock-calm", "clock-soon", "clock-last");
    clock.classList.add(left > total * 0.2 ? "clock-calm" : left > total * 0.05 ? "clock-soon" : "clock-last");
    const over = clock.querySelector("[data-clock-over]");
    if (over) over.hidden = left > 0 || !isRunning;
    return left;
  }

  function words(seconds) {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    return `${seconds < 0 ? "−" : ""}${minutes}:${String(Math.abs(seconds) % 60).padStart(2, "0")}`;
  }

  document.addEventListener("live:shown", tick);
  setInterval(tick, 1000);
})();
