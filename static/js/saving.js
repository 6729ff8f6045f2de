// Saves what is being written: a second after a pause, every ten seconds while typing, and on leaving the page.
// The box being typed in is never touched; what became of the text is said beside it.
(() => {
  const PAUSE = 1000;
  const LONGEST = 10000;
  const PATIENCE = 15000; // and a second for each 500 characters: some connections carry no more
  const AGAIN = 5000;
  const HOPELESS = 100000; // characters; the server refuses far less, but in words of its own
  const ANSWERS = [200, 409, 422]; // in these, the server says what became of the text
  const sitting = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  let turn = 0;

  const papers = new Map(
    [...document.querySelectorAll("form[data-writing]")].map((form) => [
      form,
      { form, box: form.elements.text, saved: form.elements.text.value, since: 0, timer: 0, latest: 0, choice: "" },
    ]),
  );

  const tell = (paper, name, detail) =>
    paper.form.dispatchEvent(new CustomEvent(`writing:${name}`, { bubbles: true, detail }));
  const isOpen = (paper) => paper.box.value !== paper.saved;

  function say(paper, word) {
    const name = !["saving", "typing"].includes(word) && paper.form.dataset.kept === "no" ? "unkept" : word;
    const words = document.querySelector(`[data-saving-words] [data-word="${name}"]`);
    const now = paper.form.querySelector("[data-state]");
    if (now.dataset.word !== name) now.replaceChildren(words.content.cloneNode(true));
    now.dataset.word = name;
  }

  function typed(paper) {
    tell(paper, "typed", { text: paper.box.value, version: Number(paper.form.elements.version.value), at: Date.now() });
    if (paper.stopped) return;
    if (!paper.isFailing) say(paper, "typing");
    paper.since ||= Date.now();
    plan(paper, Math.min(PAUSE, Math.max(0, paper.since + LONGEST - Date.now())));
  }

  function plan(paper, wait) {
    clearTimeout(paper.timer);
    paper.timer = setTimeout(() => send(paper), wait);
  }

  async function send(paper, { leaving = false } = {}) {
    clearTimeout(paper.timer);
    const text = paper.box.value;
    paper.stopped = text.length > HOPELESS;
    if (paper.stopped) {
      say(paper, "long");
      return;
    }
    // After a choice between two texts, the box waits for the one that it is to hold.
    paper.box.readOnly = paper.choice !== "";
    const mine = (paper.latest = ++turn);
    paper.since = 0;
    const data = new FormData(paper.form);
    const more = { text, sitting, turn: mine, choice: paper.choice };
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    const slow = setTimeout(() => say(paper, "saving"), 400);
    const ends = new AbortController();
    const patience = setTimeout(() => ends.abort(), PATIENCE + text.length * 2);
    let response = null;
    let markup = "";
    try {
      const headers = { "HX-Request": "true" }; // the server answers us as it answers htmx: with the fragment
      const signal = leaving ? undefined : ends.signal;
      const how = { method: "POST", body: data, headers, signal, keepalive: leaving, redirect: "error" };
      response = await fetch(paper.form.action, how);
      markup = await response.text();
      // What is no answer of ours has saved nothing: a gateway that wants a sign-in of its own, say.
      if (ANSWERS.includes(response.status) && !markup.includes("data-version=")) response = null;
    } catch {
      response = null;
    }
    clearTimeout(slow);
    clearTimeout(patience);
    if (mine === paper.latest) settle(paper, text, response, markup);
  }

  function settle(paper, text, response, markup) {
    const status = response?.status ?? 0;
    paper.stopped = [404, 409, 422].includes(status);
    paper.box.readOnly = false;
    if (paper.stopped) clearTimeout(paper.timer);
    if (ANSWERS.includes(status)) {
      paper.choice = "";
      show(paper, text, status, markup);
    } else if (status === 404) say(paper, "gone");
    else if (status === 401 || status === 403) {
      say(paper, "signed-out");
      document.dispatchEvent(new CustomEvent("person:unsure"));
    } else {
      say(paper, status ? "server" : "connection");
      plan(paper, AGAIN);
    }
    paper.isFailing = status !== 200;
    if (paper.isFailing) fetchHelpers();
    tell(paper, paper.isFailing ? "failed" : "saved", { text });
  }

  function show(paper, text, status, markup) {
    const now = paper.form.querySelector("[data-state]");
    const wasConflict = now.querySelector(".conflict") !== null;
    now.innerHTML = markup;
    // The choice is made with its own buttons.
    paper.form.querySelector("[data-save]").hidden = status === 409;
    delete now.dataset.word;
    const state = now.firstElementChild;
    if (status !== 200) return;
    paper.form.elements.version.value = state.dataset.version;
    const { audience } = state.dataset;
    if (audience) paper.form.elements.audience.value = paper.form.elements.audience_was.value = audience;
    const chosen = now.querySelector("[data-text]");
    if (chosen) paper.box.value = chosen.content.textContent;
    if (wasConflict) paper.box.focus();
    paper.saved = chosen ? paper.box.value : text;
    if (isOpen(paper)) typed(paper);
  }

  // Those who only read do not wait for what helps when saving fails. It is told again what happened before it came.
  const helpers = new Map();
  let unsure = false;
  function fetchHelpers() {
    for (const src of document.querySelector("[data-helpers]").dataset.helpers.split(" ")) {
      if (helpers.has(src)) continue;
      const script = Object.assign(document.createElement("script"), { src });
      helpers.set(src, script);
      script.addEventListener("load", tellAgain);
      script.addEventListener("error", () => helpers.delete(src)); // no connection: again with the next save
      document.head.append(script);
    }
  }
  function tellAgain() {
    for (const paper of papers.values()) if (paper.isFailing) tell(paper, "failed", { text: paper.box.value });
    if (unsure) document.dispatchEvent(new CustomEvent("person:unsure"));
  }
  document.addEventListener("person:unsure", () => {
    unsure = true;
    fetchHelpers();
  });

  const paperOf = (event) => papers.get(event.target.closest?.("form[data-writing]"));

  document.addEventListener("input", (event) => {
    const paper = paperOf(event);
    if (!paper || event.target !== paper.box) return;
    if (paper.stopped && !paper.form.querySelector(".conflict")) paper.stopped = false;
    fetchHelpers();
    typed(paper);
  });
  document.addEventListener("change", (event) => {
    const paper = paperOf(event);
    if (paper && event.target.name === "audience") {
      paper.form.elements.audience_was.value = ""; // said each time, until it is known to be stored
      send(paper);
    }
  });
  document.addEventListener("submit", (event) => {
    const paper = paperOf(event);
    if (!paper) return;
    event.preventDefault();
    const choice = event.submitter?.value;
    if (choice) {
      paper.choice = choice;
      paper.form.elements.version.value = paper.form.querySelector("[data-version]").dataset.version;
    }
    send(paper);
  });

  function sendAll(options) {
    for (const paper of papers.values()) if (isOpen(paper) && !paper.stopped) send(paper, options);
  }
  // rescue.js asks what is not saved. Each text takes a turn of its own, for the file is one more way to save it.
  document.addEventListener("writing:collect", ({ detail }) => {
    for (const { form, box } of [...papers.values()].filter(isOpen))
      detail.push({ form, text: box.value, version: Number(form.elements.version.value), sitting, turn: ++turn });
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendAll({ leaving: true });
  });
  addEventListener("pagehide", () => sendAll({ leaving: true }));
  addEventListener("online", () => sendAll());
  document.addEventListener("person:back", () => sendAll());
  addEventListener("beforeunload", (event) => {
    if ([...papers.values()].some((paper) => isOpen(paper) && paper.form.dataset.kept === "no")) event.preventDefault();
  });
})();
