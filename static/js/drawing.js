// Pads to draw on: each stroke is a line of whole numbers in a box of 300 × 300, kept in the form's hidden field.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SIZE = 300;
  const STROKES_MAX = 200;
  const POINTS_MAX = 4000;
  // As long as a line is good enough, fewer points are better.
  const STEP = 3;
  let drawing = null;

  const fieldOf = (inside) => inside.closest("[data-drawing]").querySelector("[data-strokes]");
  const strokesOf = (field) => { try { return JSON.parse(field.value || "[]"); } catch { return []; } };
  const points = (stroke) => stroke.join(" ") + (stroke.length === 2 ? ` ${stroke.join(" ")}` : "");

  function place(pad, event) {
    const box = pad.getBoundingClientRect();
    const within = (value) => Math.max(0, Math.min(SIZE, Math.round(value * SIZE)));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  function show(field) {
    const pad = field.closest("[data-drawing]").querySelector("[data-pad]");
    pad.replaceChildren(...strokesOf(field).map((stroke) => {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("points", points(stroke));
      return line;
    }));
  }

  function save(field, strokes) {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    show(field);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("pointerdown", (event) => {
    const pad = event.target.closest("[data-pad]");
    if (!pad || !event.isPrimary || event.button) return;
    const field = fieldOf(pad);
    const strokes = strokesOf(field);
    if (strokes.length >= STROKES_MAX || strokes.flat().length >= 2 * POINTS_MAX) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    drawing = { pad, field, strokes, left: POINTS_MAX - strokes.flat().length / 2 - 1, stroke: place(pad, event) };
    strokes.push(drawing.stroke);
    field.value = JSON.stringify(strokes);
    show(field);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drawing || !event.isPrimary || !drawing.left) return;
    const [x, y] = place(drawing.pad, event);
    const [lastX, lastY] = drawing.stroke.slice(-2);
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < STEP) return;
    drawing.stroke.push(x, y);
    drawing.left -= 1;
    drawing.pad.lastElementChild?.setAttribute("points", points(drawing.stroke));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      if (drawing) save(drawing.field, drawing.strokes);
      drawing = null;
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drawing-undo], [data-drawing-clear]");
    if (!button) return;
    const field = fieldOf(button);
    save(field, button.matches("[data-drawing-undo]") ? strokesOf(field).slice(0, -1) : []);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-strokes]")) show(event.target);
  });
  const showAll = () => document.querySelectorAll("[data-strokes]").forEach(show);
  document.addEventListener("htmx:afterSwap", showAll);
  showAll();
})();
