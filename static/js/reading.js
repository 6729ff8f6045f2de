// On the spot while reading: what a term means, and figures at full size.
(() => {
  let card = null;
  let opener = null;

  function close({ refocus = true } = {}) {
    if (!card) return;
    card.remove();
    card = null;
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus();
  }

  function open(link, definition) {
    close({ refocus: false });
    opener = link;
    card = document.getElementById("term-card").content.firstElementChild.cloneNode(true);
    card.querySelector("[data-term]").textContent = definition.previousElementSibling.textContent;
    card.querySelector("[data-definition]").innerHTML = definition.innerHTML;
    // Right after the term, so that reading order and Tab order agree.
    link.after(card);
    link.setAttribute("aria-expanded", "true");
    place(link);
    card.focus();
  }

  // Below the term. On narrow screens the style sheet fixes it to the bottom, and then it has no offset parent.
  function place(link) {
    if (!card.offsetParent) return;
    const text = link.closest(".prose, .card, main").getBoundingClientRect();
    const [line] = link.getClientRects();
    const box = card.offsetParent.getBoundingClientRect();
    const start = Math.max(text.left, Math.min(line.left, text.right - card.offsetWidth));
    card.style.left = `${start - box.left}px`;
    card.style.top = `${link.getBoundingClientRect().bottom - box.top + 6}px`;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.term");
    if (link && !card?.contains(link)) {
      const definition = document.querySelector(`#${CSS.escape(link.hash.slice(1))} + dd`);
      if (!definition) return;
      event.preventDefault();
      if (card && opener === link) close();
      else open(link, definition);
      return;
    }
    if (event.target.closest("[data-close-term]")) close();
    else if (card && !card.contains(event.target)) close({ refocus: false });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });

  // Signed out meanwhile: a mark is refused like a text is.
  document.addEventListener("htmx:responseError", (event) => {
    if ([401, 403].includes(event.detail.xhr.status)) document.dispatchEvent(new CustomEvent("person:unsure"));
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll("a.term")) link.setAttribute("aria-expanded", "false");
    for (const button of document.querySelectorAll("[data-enlarge]")) button.hidden = false;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-enlarge]");
    const dialog = document.getElementById("figure-dialog");
    if (button) {
      const drawing = button.closest("figure").querySelector("svg").cloneNode(true);
      for (const named of drawing.querySelectorAll("title, desc")) named.removeAttribute("id");
      drawing.removeAttribute("aria-labelledby");
      drawing.setAttribute("aria-label", button.dataset.enlarge);
      dialog.setAttribute("aria-label", button.dataset.enlarge);
      dialog.dataset.hue = button.closest("[data-hue]")?.dataset.hue ?? "";
      dialog.querySelector("[data-drawing]").replaceChildren(drawing);
      dialog.showModal();
    } else if (event.target === dialog || event.target.closest("[data-close-figure]")) {
      dialog.close();
    }
  });
})();
