// A group's sheet: saves what is typed, and lets the others' words appear without touching the box one writes in.
// device.js keeps a copy of what has not arrived.
(() => {
  const shared = document.querySelector("[data-live-shared]");
  const mine = document.getElementById("live-mine");
  if (!shared || !mine) return;
  const PAUSE = 2000;
  const LONGEST = 6000;
  const AGAIN = 4000;
  const PATIENCE = 15000;
  const PEN = 20000;
  const unsent = document.querySelector("[data-sheet-unsent]");
  const sitting = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const papers = new Map();
  let turn = 0;

  const stateOf = (form) => form.querySelector("[data-state]");
  const tell = (form, name, detail) =>
    form.dispatchEvent(new CustomEvent(`writing:${name}`, { bubbles: true, detail }));

  function paperOf(form) {
    if (!papers.has(form)) {
      const box = form.elements.text;
      papers.set(form, { form, box, saved: box.defaultValue, since: 0, timer: 0, choice: "", stopped: false });
    }
    return papers.get(form);
  }
  const isOpen = ({ box, saved }) => box.value !== saved;

  function say({ form }, word) {
    const words = document.querySelector(`[data-sheet-words] [data-word="${word}"]`);
    const now = stateOf(form);
    if (now.dataset.word !== word) now.replaceChildren(words.content.cloneNode(true));
    now.dataset.word = word;
  }

  function plan(paper, wait) {
    clearTimeout(paper.timer);
    paper.timer = setTimeout(() => send(paper), wait);
  }

  async function send(paper, { leaving = false } = {}) {
    clearTimeout(paper.timer);
    if (paper.isSending && !leaving) {
      plan(paper, PAUSE);
      return;
    }
    const { form, box } = paper;
    const text = box.value;
    paper.isSending = true;
    paper.since = 0;
    const data = new FormData(form);
    for (const [name, value] of Object.entries({ text, sitting, turn: ++turn, choice: paper.choice })) data.set(name, value);
    const ends = new AbortController();
    const patience = setTimeout(() => ends.abort(), PATIENCE);
    let status = 0;
    let answer = null;
    try {
      const signal = leaving ? undefined : ends.signal;
      const how = { method: "POST", body: data, headers: { "HX-Request": "true" }, signal, keepalive: leaving };
      const response = await fetch(form.action, { ...how, redirect: "error" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      answer = page.querySelector("form[data-sheet]");
      status = response.status;
    } catch {
      status = 0;
    }
    clearTimeout(patience);
    paper.isSending = false;
    settle(paper, text, status, answer);
  }

  function settle(paper, text, status, answer) {
    const { form, box } = paper;
    if (answer) return show(paper, text, status, answer);
    tell(form, "failed", { text });
    if (status === 404) paper.stopped = true;
    say(paper, { 0: "connection", 401: "signed-out", 403: "signed-out", 404: "gone" }[status] ?? "server");
    if (![401, 403, 404].includes(status)) plan(paper, AGAIN);
    box.readOnly = false;
  }

  // What the server says of a text that it has: saved; not saved because of another one; or kept beside the answer.
  function show(paper, text, status, answer) {
    const { form, box } = paper;
    const now = stateOf(form);
    const wasConflict = now.querySelector(".conflict") !== null;
    now.replaceChildren(...stateOf(answer).childNodes);
    delete now.dataset.word;
    paper.choice = "";
    box.readOnly = false;
    form.querySelector("[data-save]").hidden = status === 409;
    paper.stopped = status !== 200;
    const { outcome } = now.querySelector("[data-version]").dataset;
    // A text that did not become the answer may be kept on the server all the same; else this device keeps it.
    tell(form, status === 422 && outcome !== "kept" ? "failed" : "saved", { text });
    if (outcome === "again") plan(paper, AGAIN);
    if (status === 422 && outcome === "kept") leave(paper, now);
    if (status !== 200) return;
    form.elements.version.value = answer.elements.version.value;
    const stored = answer.elements.text.value;
    if (box.value === text) box.value = stored;
    paper.saved = stored;
    if (wasConflict) box.focus();
    if (isOpen(paper)) plan(paper, PAUSE);
    else leave(paper, null);
  }

  // A box whose phase is over goes once its text has arrived; what became of the text stays to be read.
  function leave({ form }, words) {
    if (form.parentElement !== unsent) return;
    const told = document.createElement("div");
    told.className = "alert";
    told.setAttribute("role", "status");
    const saved = document.querySelector('[data-sheet-words] [data-word="after"]');
    if (words) told.append(...words.querySelectorAll(".is-bad"));
    else told.append(saved.content.cloneNode(true));
    form.replaceWith(told);
    papers.delete(form);
  }

  // --- The others' words ---------------------------------------------------------------------------------------

  // Only what is not being written takes what is new; so nobody's cursor jumps and no word goes.
  function merge(page) {
    for (const fresh of page.querySelectorAll("form[data-sheet]")) {
      const paper = paperOf(document.getElementById(fresh.id));
      const now = stateOf(paper.form);
      const pen = stateOf(fresh).querySelector("[data-pen]");
      if (isOpen(paper) || paper.isSending || now.querySelector(".conflict")) {
        now.querySelector("[data-pen]")?.remove();
        if (pen) now.prepend(pen);
        continue;
      }
      paper.form.elements.version.value = fresh.elements.version.value;
      paper.saved = fresh.elements.text.value;
      if (paper.box.value !== paper.saved) {
        const { selectionStart, selectionEnd } = paper.box;
        paper.box.value = paper.saved;
        if (document.activeElement === paper.box) paper.box.setSelectionRange(selectionStart, selectionEnd);
      }
      // A screen reader says what is put there: only what is new.
      if (now.textContent !== stateOf(fresh).textContent) now.replaceChildren(...stateOf(fresh).childNodes);
      delete now.dataset.word;
    }
    const focused = document.activeElement?.id;
    for (const id of ["my-group", "mine-extra", "mine-drafts"]) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceWith(fresh);
    }
    mine.querySelector(":scope > .alert-warning")?.remove();
    const refusal = page.querySelector("body > .alert-warning");
    if (refusal) mine.prepend(refusal);
    window.htmx.process(mine);
    const place = focused && mine.querySelector(`#${CSS.escape(focused)}`);
    if (place) place.focus();
    else if (focused?.startsWith("group-")) mine.querySelector("#my-group button")?.focus();
  }

  const hasGroup = (place) => place.querySelector("#my-group") !== null;
  const ids = (place) => [...place.querySelectorAll("form[data-sheet]")].map((form) => form.id + form.getAttribute("action")).join(" ");

  // Takes over what is one's own, if the same boxes stand in it; else says no, and sends what is open in them.
  function take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    if (ids(mine) && ids(page) === ids(mine) && hasGroup(page) === hasGroup(mine)) {
      merge(page);
      return true;
    }
    for (const form of mine.querySelectorAll("form[data-sheet]")) {
      const paper = paperOf(form);
      if (isOpen(paper) && !paper.stopped) {
        unsent.append(form);
        send(paper);
      } else papers.delete(form);
    }
    return false;
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === mine && take(event.detail.serverResponse)) event.detail.shouldSwap = false;
  });

  // What is one's own is fetched when the stamp of one's group has changed, or that of all.
  let seen = stamps();
  function stamps() {
    const all = new Map((shared.querySelector("[data-stamps]")?.dataset.stamps ?? "").split(" ").map((s) => s.split(":")));
    return `${all.get("0")} ${all.get(mine.querySelector("#my-group")?.dataset.group ?? "0")}`;
  }
  async function refresh() {
    const asked = stamps();
    if (asked === seen) return;
    seen = asked;
    if (!ids(mine)) return swap();
    try {
      const response = await fetch(document.querySelector("[data-live-mine]").dataset.liveMine, { redirect: "error" });
      const html = await response.text();
      if (!response.ok) throw new Error(response.status);
      if (!take(html)) return swap();
      seen = stamps();
      if (seen !== asked) seen = ""; // it has changed meanwhile, or one has another group now
    } catch {
      seen = ""; // with the next change, or when the connection is back
    }
  }
  // As with another phase: what is being typed in other boxes outlives it.
  const swap = () => document.dispatchEvent(new CustomEvent("live:mine"));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target === mine && !event.detail.successful) seen = "";
  });
  new MutationObserver(refresh).observe(shared, { childList: true });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === mine) seen = stamps();
  });

  setInterval(() => {
    for (const pen of mine.querySelectorAll("[data-pen]")) {
      pen.dataset.since ??= Date.now();
      if (Date.now() - Number(pen.dataset.since) > PEN) pen.remove();
    }
  }, 2000);

  // --- Writing -------------------------------------------------------------------------------------------------

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-sheet]");
    if (!form || event.target !== form.elements.text) return;
    const paper = paperOf(form);
    tell(form, "typed", { text: paper.box.value, version: Number(form.elements.version.value), at: Date.now() });
    if (stateOf(form).querySelector(".conflict")) return; // its own buttons go on from there
    paper.stopped = false;
    if (!stateOf(form).dataset.word) say(paper, "typing");
    paper.since ||= Date.now();
    plan(paper, Math.min(PAUSE, Math.max(0, paper.since + LONGEST - Date.now())));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-sheet]");
    if (!form) return;
    event.preventDefault();
    const paper = paperOf(form);
    if (event.submitter?.value) {
      paper.choice = event.submitter.value;
      form.elements.version.value = form.querySelector("[data-version]").dataset.version;
      paper.box.readOnly = true;
    }
    send(paper);
  });

  function sendAll(options) {
    for (const paper of papers.values()) if (isOpen(paper) && !paper.stopped) send(paper, options);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendAll({ leaving: true });
  });
  addEventListener("pagehide", () => sendAll({ leaving: true }));
  addEventListener("online", () => {
    sendAll();
    refresh();
  });
})();
