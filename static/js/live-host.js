// The console's buttons act without a new page: the answer is the console as it is now.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-live-form]") || !event.submitter) return;
  event.preventDefault();
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const button = event.submitter;
  const body = new FormData(event.target);
  if (button.name) body.set(button.name, button.value);
  try {
    const reply = await fetch(button.formAction, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (reply.status === 401) tell("live:problem", "signed-out");
    else if (!reply.ok) location.reload();
    else tell("live:html", await reply.text());
  } catch {
    tell("live:problem", "lost");
  }
});
