// Passkeys: their buttons show where the browser can use them, and what fails is said on the page. Loaded where it
// stands, after the buttons, so that nothing jumps.
(() => {
  if (window.PublicKeyCredential) {
    for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
    for (const notice of document.querySelectorAll("[data-no-passkey]")) notice.hidden = true;
  }

  // allauth's own scripts (mfa/js/webauthn.js) tell of a failure by this event.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const notice of document.querySelectorAll("[data-passkey-error]")) notice.hidden = false;
  });
})();
