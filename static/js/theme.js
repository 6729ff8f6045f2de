// Light or dark: as the device says, or as chosen in the footer. Loaded in the head, so that nothing flashes.
(() => {
  const KEY = "theme";
  const root = document.documentElement;

  function chosen() {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto"; // storage is switched off
    }
  }

  function apply(theme) {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  }

  apply(chosen());

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-theme-switch]")) {
      box.hidden = false;
      box.querySelector(`[value="${chosen()}"]`).checked = true;
    }
  });

  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    apply(event.target.value);
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch {
      // it holds for this page then
    }
  });

  // An open menu closes when somebody clicks elsewhere or presses Escape.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-closes-outside][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("[data-closes-outside][open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
