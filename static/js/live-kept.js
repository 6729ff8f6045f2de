// What somebody is typing in a live session outlives the swap of what is their own: where the same box is there again
// it gets its words back, and what has no box any more is sent to the site as a draft.
(() => {
  const mine = document.getElementById("live-mine");
  const AGAIN_MS = 4000;
  let kept = [];
  let opened = [];
  let unsent = [];

  const boxes = () => [...mine.querySelectorAll("form textarea, form input[type=text], form input:not([type]), form select")];
  const name = (box) => `${box.form.getAttribute("action")} ${box.name} ${box.id}`;
  const action = (form) => form.getAttribute("action").match(/\/act\/([\w-]+)\/$/)?.[1];

  const isChanged = (box) => (box.options ? [...box.options].some((one) => one.selected !== one.defaultSelected) : box.value !== box.defaultValue);

  // *sent* is the form whose answer this is. What it said is not gathered, also where the page has drawn it anew meanwhile.
  function gather(sent) {
    const arrived = new Map([...(sent?.elements ?? [])].map((box) => [name(box), box.value]));
    const phase = mine.querySelector("[data-mine-phase]")?.dataset.minePhase;
    return boxes()
      .filter((box) => box.value.trim() && isChanged(box) && arrived.get(name(box)) !== box.value && action(box.form))
      .map((box) => ({ name: name(box), value: box.value, isChoice: Boolean(box.options), phase, action: action(box.form), data: new FormData(box.form) }));
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== mine) return;
    const form = event.detail.xhr.status < 300 ? event.detail.requestConfig.elt.closest?.("form") : null;
    kept = gather(form);
    opened = form ? [] : [...mine.querySelectorAll("details[open][id]")].map((one) => one.id);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== mine) return;
    const phase = mine.querySelector("[data-mine-phase]")?.dataset.minePhase;
    const found = new Map(boxes().map((box) => [name(box), box]));
    for (const one of kept) {
      const box = one.phase === phase ? found.get(one.name) : null;
      if (box) box.value = one.value;
      else if (!one.isChoice && !unsent.some((other) => other.action === one.action && other.value === one.value)) unsent.push(one);
    }
    kept = [];
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    show();
    send();
  });

  async function send() {
    if (!unsent.length) return;
    const token = mine.closest("body").querySelector("[name=csrfmiddlewaretoken]")?.value;
    for (const one of [...unsent]) {
      // A page without a form, as a guest's after the end, has none; then the one stays that came with the words.
      if (token) one.data.set("csrfmiddlewaretoken", token);
      try {
        const address = `${mine.dataset.drafts}${one.phase}/${one.action}/`;
        const reply = await fetch(address, { method: "POST", body: one.data, headers: { "HX-Request": "true" } });
        // 404: not a form of that phase, so nothing that could be sent again.
        if (reply.ok || reply.status === 404) unsent = unsent.filter((other) => other !== one);
      } catch {
        // no connection: again below
      }
    }
    if (unsent.length) setTimeout(send, AGAIN_MS);
    else document.dispatchEvent(new CustomEvent("live:mine"));
  }

  function show() {
    if (navigator.clipboard) for (const button of mine.querySelectorAll("[data-copy]")) button.hidden = false;
  }

  addEventListener("beforeunload", (event) => {
    if (unsent.length) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
  });
  show();
})();
