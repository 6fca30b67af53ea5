// Passkeys: the device makes a key, or shows that it holds one, and the form carries it ([data-coop-passkey]).
// Where that cannot be, a form that only serves to show a key stays hidden, and one that makes a key says so. A key
// belongs to the name of a site: an address in figures has none.
(() => {
  const able = window.PublicKeyCredential && window.webauthnJSON && !/^[\d.:[\]]+$/.test(location.hostname);

  // In the page when the person is known, asked of the server otherwise: a challenge serves once.
  const optionsOf = async (form) => {
    const given = document.getElementById("passkey-options");
    if (given) return JSON.parse(given.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const ask = async ({ creation_options: creation, request_options: request }) => {
    if (!creation) return webauthnJSON.get(request);
    // The key must be found without a name being typed, and the device must know its holder.
    Object.assign(creation.publicKey.authenticatorSelection,
      { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    return webauthnJSON.create(creation);
  };

  for (const form of document.querySelectorAll("[data-coop-passkey]")) {
    const state = form.querySelector("[data-coop-passkey-state]");
    if (!able) {
      if (!form.hidden) state.textContent = "Ce navigateur ne sait pas faire de clé d’accès pour cette adresse.";
      form.querySelector("button").disabled = true;
      continue;
    }
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      state.textContent = "Votre appareil vous demande de confirmer…";
      try {
        form.elements.credential.value = JSON.stringify(await ask(await optionsOf(form)));
        form.submit();
      } catch {
        state.textContent = "Votre appareil n’a pas donné de clé : recommencez, ou choisissez un autre moyen.";
      }
    });
  }
})();
