// The page for the room: arrow keys turn it, and it goes dark when it may no longer show what it shows.
(() => {
  const KEYS = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", PageUp: "prev" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    // Space on a link or a button is theirs.
    if (event.key === " " && event.target.closest("a, button")) return;
    const isRtl = document.documentElement.dir === "rtl" && event.key.startsWith("Arrow");
    const way = KEYS[event.key];
    const rel = isRtl && way ? { next: "prev", prev: "next" }[way] : way;
    const link = rel && document.querySelector(`a[rel="${rel}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  // Signed out, or no facilitator any more: nothing may stay on the wall.
  document.addEventListener("htmx:responseError", (event) => {
    if ([401, 403, 404].includes(event.detail.xhr.status)) document.querySelector(".screen-slides").replaceChildren();
  });
})();
