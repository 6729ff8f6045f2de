// What somebody has ticked or is typing on the console stays, whatever is shown anew around it. A text is let go of when
// it is sent, and taken up again when it did not arrive.
(() => {
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const kept = new Map();
  const opened = new Map();
  let focused = null;

  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  const keep = (field) => field.id && kept.set(field.id, isTick(field) ? field.checked : field.value);
  // A form sends all of its fields; a button of the console those that it names.
  const sent = (from) => [...(from.form || from).elements].filter((field) => from.elements || field.dataset.keep === from.dataset.sends);

  function restore() {
    for (const [id, value] of kept) {
      const field = document.getElementById(id);
      if (!field) continue;
      if (isTick(field)) field.checked = value;
      else if (field.value !== value) {
        field.value = value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    for (const [id, isOpen] of opened) document.getElementById(id)?.toggleAttribute("open", isOpen);
    if (focused && !focused.isConnected && document.activeElement === document.body) {
      const again = document.getElementById(focused.id);
      again?.focus({ preventScroll: true });
      if (again?.setSelectionRange && again.type !== "checkbox") again.setSelectionRange(focused.selectionStart, focused.selectionEnd);
    }
  }

  page.addEventListener("input", (event) => keep(event.target));
  page.addEventListener("focusin", (event) => { focused = event.target.matches("[id]:is(input, textarea)") ? event.target : null; });
  page.addEventListener("click", (event) => {
    const details = event.target.closest("summary")?.parentElement;
    if (details?.id) opened.set(details.id, !details.open);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const from = event.detail.elt;
    if (page.contains(from) && (from.elements || from.dataset.sends)) sent(from).forEach((field) => kept.delete(field.id));
  });
  document.addEventListener("htmx:sendError", (event) => {
    const from = event.detail.elt;
    if (page.contains(from) && (from.elements || from.dataset.sends)) sent(from).forEach(keep);
  });
  new MutationObserver(restore).observe(page, { childList: true, subtree: true });
})();
