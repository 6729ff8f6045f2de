// Passkeys: their buttons show where the browser knows them, and what fails is said on the page.
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
  });

  // allauth's own scripts (mfa/js/webauthn.js) tell of a failure by this event.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const notice of document.querySelectorAll("[data-passkey-error]")) notice.hidden = false;
  });
})();
