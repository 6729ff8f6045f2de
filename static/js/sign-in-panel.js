// Asks who is signed in when a save was refused, and opens a sign-in over the page: the text stays where it is.
(() => {
  const panel = document.querySelector("[data-sign-in-panel]");
  const form = panel.querySelector("[data-sign-in-form]");
  const person = document.documentElement.dataset.person;
  let unsure = false;
  let wasBack = 0;

  async function ask() {
    if (Date.now() - wasBack < 3000) return; // refused once more although signed in: do not go round in circles
    let answer;
    try {
      answer = await (await fetch(panel.dataset.whoami, { cache: "no-store" })).json();
    } catch {
      setTimeout(ask, 5000); // no connection
      return;
    }
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = answer.token;
    form.dataset.token = answer.token;
    if (answer.person === person) back();
    else if (answer.person) location.reload(); // somebody else: they shall see their own page
    else if (!panel.open) panel.showModal();
  }

  function back() {
    unsure = false;
    wasBack = Date.now();
    panel.close();
    document.dispatchEvent(new CustomEvent("person:back"));
  }

  function complain(text) {
    const place = panel.querySelector("[data-sign-in-problem]");
    place.textContent = text;
    place.hidden = !text;
  }

  const word = (name) => panel.querySelector(`[data-word="${name}"]`).content.textContent;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", form.dataset.token);
    try {
      // The sign-in page answers scripts with JSON: where to go on, or what is wrong with which field.
      const headers = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };
      const response = await fetch(form.action, { method: "POST", body: data, headers });
      if (response.status === 429) {
        complain(word("often"));
        return;
      }
      const answer = await response.json();
      const fields = Object.values(answer.form?.fields ?? {});
      const problems = [...(answer.form?.errors ?? []), ...fields.flatMap((field) => field.errors)];
      if (problems.length) complain(problems.join(" "));
      else await ask();
      if (response.ok && panel.open) complain(word("more"));
    } catch {
      complain(word("failed"));
    }
  });

  panel.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-panel]")) panel.close();
  });
  document.addEventListener("person:unsure", () => {
    unsure = true;
    ask();
  });
  // Signed in again in another tab?
  document.addEventListener("visibilitychange", () => {
    if (unsure && document.visibilityState === "visible") ask();
  });
  addEventListener("focus", () => {
    if (unsure) ask();
  });
})();
