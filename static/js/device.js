// What this device keeps for its reader. One file of two parts: on a weak connection each request counts.

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

// A copy of what was typed stays in this browser until the server has it: per person and address, shown to nobody else.
(() => {
  const person = document.documentElement.dataset.person;
  if (!person) return; // a visitor writes nothing
  const prefix = `draft ${person} `;

  function attempt(action, otherwise) {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or switched off
    }
  }

  const page = ` ${Date.now()}-${Math.random()}`; // two windows keep a copy each
  const pathOf = (form) => prefix + new URL(form.action).pathname;
  const keyOf = (form) => pathOf(form) + page;
  const kept = (key) => attempt(() => JSON.parse(localStorage.getItem(key)), null);
  const keys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)), []);
  const drop = (key) => attempt(() => localStorage.removeItem(key));

  // saving.js tells what happens to a text.
  document.addEventListener("writing:typed", ({ target, detail }) => {
    const draft = JSON.stringify({ ...detail, page: location.pathname + "#" + target.id, label: labelOf(target) });
    target.dataset.kept = attempt(() => (localStorage.setItem(keyOf(target), draft), "yes"), "no");
  });
  document.addEventListener("writing:saved", ({ target, detail }) => {
    if (kept(keyOf(target))?.text === detail.text) drop(keyOf(target));
  });

  const labelOf = (form) => form.querySelector("label").textContent.trim();

  // What was kept and is not on the page is offered, never forced.
  function offer(form) {
    for (const key of keys().filter((key) => key.startsWith(`${pathOf(form)} `))) offerOne(form, key);
  }

  function offerOne(form, key) {
    const draft = kept(key);
    const box = form.elements.text;
    if (!draft) return;
    if (draft.text === box.value) {
      drop(key);
      return;
    }
    const place = form.querySelector("[data-offer]").cloneNode();
    form.querySelector("[data-offer]").after(place);
    place.replaceChildren(document.querySelector("[data-kept-offer]").content.cloneNode(true));
    place.querySelector("[data-kept-text]").textContent = draft.text;
    place.hidden = false;
    place.addEventListener("click", (event) => {
      if (event.target.closest("[data-kept-use]")) {
        const typed = box.value !== box.defaultValue; // since the page was opened: that stays
        if (!typed) form.elements.version.value = draft.version;
        box.value = typed ? `${box.value}\n\n${draft.text}` : draft.text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      } else if (!event.target.closest("[data-kept-drop]")) return;
      drop(key);
      place.hidden = true;
      box.focus();
    });
  }

  function showOthers(forms) {
    const here = forms.map((form) => `${pathOf(form)} `);
    const others = keys().filter((key) => !here.some((path) => key.startsWith(path)));
    const bar = document.querySelector("[data-kept-bar]");
    for (const key of others) {
      const link = document.querySelector("[data-kept-link]").content.firstElementChild.cloneNode(true);
      link.href = kept(key)?.page ?? "/";
      link.title = kept(key)?.label ?? "";
      bar.querySelector("[data-kept-links]").append(link, " ");
    }
    bar.hidden = others.length === 0;
  }

  // Signing out takes the copies along once everything is saved; else we ask.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-sign-out]");
    if (!form || keys().length === 0) return;
    event.preventDefault();
    const dialog = document.querySelector("[data-sign-out-dialog]");
    dialog.addEventListener("close", () => answer(form, dialog.returnValue), { once: true });
    dialog.returnValue = "stay";
    dialog.showModal();
  });

  function answer(form, choice) {
    if (choice === "drop") keys().forEach(drop);
    if (choice !== "stay") form.submit();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const forms = [...document.querySelectorAll("form[data-writing]")];
    forms.forEach(offer);
    showOthers(forms);
  });
})();
