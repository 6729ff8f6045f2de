// A page of a live session: follows the shared state by an event stream, and asks for it where streams are blocked.
// What is one person's own is fetched when the phase changes.
(() => {
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const shared = page.querySelector("[data-live-shared]");
  const POLL_MS = 4000;
  const TRY_AGAIN_MS = 30000; // while it only asks, whether a stream is possible by now
  const SILENCE_MS = 40000; // the server says something every 15 seconds; less: the connection is dead
  const FIRST_MS = 8000; // a stream that says nothing so long is held back on its way
  const BEAT_MS = 30000;
  let stream = null;
  let failures = 0;
  let polling = 0;
  let watch = 0;
  let again = 0;
  let isOut = false;

  const say = (name, isShown) => {
    const words = page.querySelector(`[data-live-${name}]`);
    if (words) words.hidden = !isShown;
  };
  const phase = () => {
    const step = shared.querySelector("[data-phase]");
    return step ? step.dataset.phase + step.dataset.open : "";
  };
  // Of which phase what is mine is shown, and of which it has been asked for: an answer may get lost on its way.
  let mineOf = phase();
  let askedFor = null;
  const mine = () => {
    askedFor = phase();
    if (!page.dataset.liveMine) return;
    // Without a connection it is asked for again, below.
    window.htmx.ajax("GET", page.dataset.liveMine, { target: "#live-mine", swap: "innerHTML" }).catch(() => {});
  };
  const catchUp = () => {
    if (phase() !== mineOf && phase() !== askedFor) mine();
  };

  function show(html, version) {
    if (Number(version) < Number(page.dataset.version)) return; // an answer that was long on its way
    // Whoever is on something of the shared part keeps their place, and what they have opened.
    const focused = shared.contains(document.activeElement) ? path(document.activeElement) : null;
    const opened = [...shared.querySelectorAll("details[open]")].map(path);
    shared.innerHTML = html;
    page.dataset.version = version;
    for (const way of opened) find(way)?.setAttribute("open", "");
    if (focused) find(focused)?.focus();
    document.dispatchEvent(new CustomEvent("live:shown"));
    window.htmx.process(shared);
    catchUp();
  }

  // A button is found again by what it sends, anything else by its words.
  const path = (one) => [one.tagName, one.getAttribute("formaction") ?? one.getAttribute("href"), one.value, one.querySelector?.("summary")?.textContent ?? one.textContent];
  const find = (way) => [...shared.querySelectorAll(way[0])].find((one) => String(path(one)) === String(way));

  function follow() {
    clearTimeout(again);
    if (document.hidden || stream || !window.EventSource) return;
    stream = new EventSource(page.dataset.live);
    listen(FIRST_MS);
    stream.addEventListener("state", (event) => {
      failures = 0;
      say("lost", false);
      say("signed-out", false);
      stopPolling();
      listen(SILENCE_MS);
      show(event.data, event.lastEventId);
    });
    stream.addEventListener("beat", () => listen(SILENCE_MS));
    stream.addEventListener("enough", giveUp);
    stream.addEventListener("error", () => {
      failures += 1;
      say("lost", true);
      if (failures >= 3 || stream?.readyState === EventSource.CLOSED) giveUp();
    });
  }

  const listen = (patience) => {
    clearTimeout(watch);
    watch = setTimeout(giveUp, patience);
  };

  function giveUp() {
    leave();
    if (!polling) polling = setInterval(ask, POLL_MS);
    ask();
    clearTimeout(again);
    again = setTimeout(follow, TRY_AGAIN_MS);
  }

  function leave() {
    clearTimeout(watch);
    clearTimeout(again);
    stream?.close();
    stream = null;
  }

  function stopPolling() {
    clearInterval(polling);
    polling = 0;
  }

  async function ask() {
    try {
      const address = `${page.dataset.livePoll}?version=${page.dataset.version}`;
      const reply = await fetch(address, { headers: { "HX-Request": "true" } });
      if (isOut && reply.ok) mine(); // signed in again: the forms need new tokens
      isOut = reply.status === 401;
      say("signed-out", isOut);
      if (reply.status === 404 || reply.status === 403) return location.reload();
      if (reply.status === 200) show(await reply.text(), reply.headers.get("X-Session-Version"));
      say("lost", !reply.ok && reply.status !== 401);
    } catch {
      say("lost", true);
    }
  }

  async function beat() {
    const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (document.hidden || !page.dataset.liveBeat || !token) return;
    const headers = { "X-CSRFToken": token, "HX-Request": "true" };
    const reply = await fetch(page.dataset.liveBeat, { method: "POST", headers }).catch(() => null);
    const extra = page.querySelector("[data-clock-extra]")?.dataset.clockExtra ?? "0";
    if (reply?.headers.has("X-Extra-Seconds") && reply.headers.get("X-Extra-Seconds") !== extra) mine();
  }

  document.addEventListener("visibilitychange", () => {
    leave();
    stopPolling();
    failures = 0;
    follow();
    beat();
  });
  addEventListener("online", () => {
    leave();
    failures = 0;
    follow();
  });
  document.addEventListener("live:mine", mine);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches?.("[data-live-arrive]") && event.detail.successful) mine();
    if (event.detail.pathInfo?.requestPath !== page.dataset.liveMine) return;
    // Asked for by a link of the page, it is of the phase that is shown: no need to ask again, over what is being typed.
    if (event.detail.successful) mineOf = askedFor ?? phase();
    askedFor = null;
    setTimeout(catchUp, event.detail.successful ? 0 : POLL_MS);
  });
  document.addEventListener("live:html", (event) => show(event.detail, page.dataset.version));
  document.addEventListener("live:problem", (event) => say(event.detail, true));
  setInterval(beat, BEAT_MS);
  follow();
})();
