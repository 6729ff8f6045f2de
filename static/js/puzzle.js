// Dragging the pieces of a puzzle, as an extra: a drop chooses the piece and presses the place, as anybody can by hand.
// By touch a piece is taken by its handle, so that the page still scrolls under a finger.
(() => {
  const mine = document.getElementById("live-mine");
  if (!mine) return;
  const FAR = 6; // pixels that a press may tremble
  const EDGE = 32; // near the edge of the window the page scrolls along
  let drag = null;
  let chosen = null;

  const radio = (piece) => mine.querySelector(`[data-puzzle] input[name="piece"][value="${piece}"]`);
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("#live-mine [data-place], #live-mine [data-tray]");

  document.addEventListener("pointerdown", (event) => {
    const one = event.target.closest("#live-mine [data-puzzle] [data-piece]");
    if (!one || !event.isPrimary || event.button || (event.pointerType !== "mouse" && !event.target.closest("[data-handle]"))) return;
    drag = { one, piece: one.dataset.piece, x: event.clientX, y: event.clientY, ghost: null };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag || !event.isPrimary) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
      drag.ghost = drag.one.cloneNode(true);
      for (const one of [drag.ghost, ...drag.ghost.querySelectorAll("[id]")]) one.removeAttribute("id");
      drag.ghost.querySelector("input")?.remove();
      drag.ghost.removeAttribute("data-place");
      drag.ghost.classList.add("piece", "piece-ghost");
      drag.ghost.setAttribute("aria-hidden", "true");
      document.body.append(drag.ghost);
      document.body.classList.add("is-dragging");
    }
    Object.assign(drag.ghost.style, { left: `${event.clientX}px`, top: `${event.clientY}px` });
    if (event.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 4);
    if (event.clientY < EDGE) scrollBy(0, -EDGE / 4);
    mark(under(event));
  });

  function mark(place) {
    for (const one of mine.querySelectorAll(".is-over")) one.classList.toggle("is-over", one === place);
    if (place?.dataset.place) place.classList.add("is-over");
  }

  function drop(event) {
    if (!drag || !event.isPrimary) return;
    const { piece, ghost } = drag;
    const place = ghost && event.type === "pointerup" ? under(event) : null;
    drag = null;
    ghost?.remove();
    document.body.classList.remove("is-dragging");
    mark(null);
    if (!ghost) return;
    // The press that ends a drag is no click of its own.
    const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => {
      document.removeEventListener("click", stop, { capture: true });
      if (place?.dataset.place && place.dataset.piece !== piece) press(piece, place.dataset.place);
      const lies = mine.querySelector(`[data-place][data-piece="${piece}"]`);
      if (place && !place.dataset.place && lies) press("", lies.dataset.place);
    });
  }
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);

  function press(piece, place) {
    const choice = radio(piece);
    const button = mine.querySelector(`[data-place="${place}"]`);
    if (!choice || !button) return; // the phase has changed meanwhile
    choice.checked = true;
    button.click();
  }

  // Whoever has chosen a piece keeps it when the others' moves are shown; after a move of one's own nothing is chosen.
  mine.addEventListener("change", (event) => {
    if (event.target.matches("[data-puzzle] input[name=piece]")) chosen = event.target.value;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== mine) return;
    if (event.detail.requestConfig?.verb === "post") chosen = null;
    else if (chosen !== null && radio(chosen)) radio(chosen).checked = true;
  });
})();
