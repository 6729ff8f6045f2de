// When a text could not be saved for ten minutes, offers everything unsaved on this page as a file to send in later.
(() => {
  const PATIENCE = 10 * 60 * 1000;
  const SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; // 32, none to be taken for another
  const waiting = new Map();

  function makeCode() {
    const signs = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => SIGNS[byte % 32]).join("");
    return `${signs.slice(0, 4)}-${signs.slice(4)}`;
  }

  // saving.js tells what happens to a text.
  document.addEventListener("writing:failed", ({ target }) => {
    if (!waiting.has(target)) waiting.set(target, setTimeout(() => offer(target), PATIENCE));
  });
  document.addEventListener("writing:saved", ({ target }) => {
    clearTimeout(waiting.get(target));
    waiting.delete(target);
    target.querySelector("[data-rescue]").replaceChildren();
  });

  function offer(form) {
    const notice = document.querySelector("[data-rescue-notice]").content.cloneNode(true);
    form.querySelector("[data-rescue]").replaceChildren(notice);
  }

  function makeFile(code) {
    const unsaved = [];
    document.dispatchEvent(new CustomEvent("writing:collect", { detail: unsaved }));
    const time = new Date().toISOString();
    const texts = unsaved.map(({ form, text, ...more }) => ({
      question: form.querySelector("label").textContent.trim(),
      text: text.split("\n"), // a line each, so that people can read it
      address: new URL(form.action).pathname,
      ...more,
      time,
    }));
    const { person } = document.documentElement.dataset;
    const about = { format: "jmdi-rescue-file", version: 1, site: location.origin, person, receipt: code, texts };
    return new Blob([JSON.stringify(about, null, 2)], { type: "application/json" });
  }

  function download(code) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(makeFile(code));
    link.download = `rescue-${code}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-rescue-download]")) return;
    const code = makeCode();
    download(code);
    const receipt = event.target.closest(".rescue").querySelector("[data-rescue-receipt]");
    receipt.querySelector("[data-rescue-code]").textContent = code;
    receipt.hidden = false;
  });
})();
