// Every twenty seconds, and on coming back, asks whether anybody has got on; not while nobody looks at the page.
(() => {
  const EVERY = 20000;

  function look() {
    const table = document.getElementById("progress-table");
    if (table && document.visibilityState === "visible") table.dispatchEvent(new Event("look"));
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
})();
