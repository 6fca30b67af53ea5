// Keeps on this device what is typed into the forms [data-coop-keep] that are sent by their button alone, until the server
// has it: a lost connection, an expired session or another form of the page sent first loses nothing. What was sent is
// forgotten by the next page that shows other forms; a key that changes once the server has it says so on the same page.
(() => {
  const SENT = "saisie-envoyee";
  const forms = [...document.querySelectorAll("[data-coop-keep]")];
  const key = (form) => `saisie-${form.dataset.coopKeep}`;
  // A full or closed storage must never stop the writing.
  const quietly = (act) => { try { return act(); } catch { return null; } };
  const sent = quietly(() => sessionStorage.getItem(SENT));
  quietly(() => sessionStorage.removeItem(SENT));
  if (sent && !forms.some((form) => key(form) === sent)) quietly(() => localStorage.removeItem(sent));

  for (const form of forms) {
    const fields = () => [...form.elements].filter((field) => field.name && /^(text|textarea|date|time|number|select-one)$/.test(field.type));
    // What the page said when it was written on: a text kept from before a later save is not put back over it.
    const seen = () => form.elements.seen?.value ?? "";
    const keep = () => quietly(() => {
      const kept = Object.fromEntries(fields().map((field) => [field.name, field.value]));
      localStorage.setItem(key(form), JSON.stringify({ ...kept, "#seen": seen() }));
    });
    const restore = () => {
      const kept = quietly(() => JSON.parse(localStorage.getItem(key(form))));
      if (!kept || kept["#seen"] !== seen()) return;
      const differing = fields().filter((field) => field.name in kept && kept[field.name] !== field.value);
      differing.forEach((field) => { field.value = kept[field.name]; });
      if (differing.length) form.querySelector("[data-coop-keep-state]").textContent = "Ce que vous aviez écrit sans pouvoir l’enregistrer a été remis dans les champs.";
    };

    form.addEventListener("input", keep);
    form.addEventListener("submit", () => quietly(() => sessionStorage.setItem(SENT, key(form))));
    restore();
  }
})();
