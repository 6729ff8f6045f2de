// A page of a live session: follows the shared state by an event stream, asks for it where streams are blocked,
// and counts the clock down in between. What is one person's own is fetched when the phase changes.
(() => {
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const shared = page.querySelector("[data-live-shared]");
  const lost = page.querySelector("[data-live-lost]");
  const POLL_MS = 4000;
  const STREAM_TRIES = 3;
  let stream = null;
  let failures = 0;
  let polling = 0;
  let clockSince = performance.now();

  const phase = () => {
    const step = shared.querySelector("[data-phase]");
    return step ? step.dataset.phase + step.dataset.open : "";
  };

  function show(html, version) {
    const before = phase();
    // Whoever is on a button of the shared part keeps their place.
    const focused = shared.contains(document.activeElement) ? document.activeElement.getAttribute("formaction") : null;
    shared.innerHTML = html;
    page.dataset.version = version;
    clockSince = performance.now();
    tick();
    if (focused) shared.querySelector(`[formaction="${CSS.escape(focused)}"]`)?.focus();
    if (page.dataset.liveMine && phase() !== before) {
      window.htmx.ajax("GET", page.dataset.liveMine, { target: "#live-mine", swap: "innerHTML" });
    }
  }

  function follow() {
    if (document.hidden || stream || !window.EventSource) return;
    stream = new EventSource(page.dataset.live);
    stream.addEventListener("state", (event) => {
      failures = 0;
      lost.hidden = true;
      stopPolling();
      show(event.data, event.lastEventId);
    });
    stream.addEventListener("error", () => {
      failures += 1;
      lost.hidden = false;
      if (failures >= STREAM_TRIES) {
        leave();
        poll();
      }
    });
  }

  function leave() {
    stream?.close();
    stream = null;
  }

  async function ask() {
    try {
      const reply = await fetch(`${page.dataset.livePoll}?version=${page.dataset.version}`);
      if (reply.status === 404 || reply.status === 403 || reply.redirected) return location.reload();
      if (reply.status === 200) show(await reply.text(), reply.headers.get("X-Session-Version"));
      lost.hidden = reply.ok;
    } catch {
      lost.hidden = false;
    }
  }

  function poll() {
    if (!polling) polling = setInterval(ask, POLL_MS);
    ask();
  }

  function stopPolling() {
    clearInterval(polling);
    polling = 0;
  }

  function tick() {
    const clock = shared.querySelector("[data-clock]");
    if (!clock || clock.dataset.running !== "1") return;
    const left = Number(clock.dataset.left) - Math.floor((performance.now() - clockSince) / 1000);
    const total = Number(clock.dataset.total);
    const minutes = Math.floor(Math.abs(left) / 60);
    const seconds = String(Math.abs(left) % 60).padStart(2, "0");
    clock.querySelector("[data-clock-time]").textContent = `${left < 0 ? "−" : ""}${minutes}:${seconds}`;
    clock.classList.remove("clock-calm", "clock-soon", "clock-last");
    clock.classList.add(left > total * 0.2 ? "clock-calm" : left > total * 0.05 ? "clock-soon" : "clock-last");
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      leave();
      stopPolling();
    } else {
      failures = 0;
      follow();
    }
  });
  window.addEventListener("online", () => { leave(); failures = 0; follow(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches?.("[data-live-arrive]") && event.detail.successful) {
      window.htmx.ajax("GET", page.dataset.liveMine, { target: "#live-mine", swap: "innerHTML" });
    }
  });
  setInterval(tick, 1000);
  follow();
})();
