// Saves a step of the guided form while it is written. The text is kept on the device until the server has it,
// so that a lost connection or an expired session loses nothing.
(() => {
  const form = document.querySelector("[data-coop-autosave]");
  if (!form) return;
  const key = `brouillon-${form.dataset.coopAutosave}`;
  const state = form.querySelector("[data-coop-autosave-state]");
  const say = (text) => { state.textContent = text; };
  const KEPT = "Votre texte est gardé sur cet appareil.";
  let timer, sending = false, unsent = false, pressed = null;

  const texts = () => [...form.elements].filter((field) => field.name && /^(text|textarea|date|number)$/.test(field.type));
  // The version says on which text it was written: a text kept from before a later save is not put back over it.
  const keep = () => {
    const kept = Object.fromEntries(texts().map((field) => [field.name, field.value]));
    try { localStorage.setItem(key, JSON.stringify({ ...kept, "#version": form.elements.version.value })); }
    catch { /* a full or closed storage must never stop the writing */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* same */ } };

  const restore = () => {
    let kept;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { return; }
    if (!kept) return;
    if (kept["#version"] !== form.elements.version.value) return forget();
    const differing = texts().filter((field) => field.name in kept && kept[field.name] !== field.value);
    if (!differing.length) return forget();
    differing.forEach((field) => { field.value = kept[field.name]; });
    say("Un texte qui n’avait pas pu être enregistré a été remis dans les champs.");
    later();
  };

  // Signing in again, in another tab, changes the token that the server expects.
  const refreshToken = () => {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1];
  };

  // The parts of the page that follow what is written: [data-coop-around] names one, [data-coop-news] is said when it
  // changes. A part in which the person stands is left as it is.
  const show = (around) => {
    let news = "";
    document.querySelectorAll("[data-coop-around]").forEach((part) => {
      const fresh = document.createElement("template");
      fresh.innerHTML = around[part.dataset.coopAround].trim();
      if (fresh.innerHTML === part.innerHTML.trim() || part.contains(document.activeElement)) return;
      part.replaceChildren(fresh.content);
      if (part.dataset.coopNews && part.textContent.trim()) news += ` ${part.dataset.coopNews}`;
    });
    return news;
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    unsent = false;
    refreshToken();
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        say(`Votre session a expiré. ${KEPT} Connectez-vous dans un autre onglet, puis continuez ici.`);
        timer = setTimeout(send, 15000);
      } else if (answer.status === 409) {
        say(`Ce texte a été modifié ailleurs. ${KEPT} Cliquez sur « Enregistrer et continuer » pour comparer.`);
      } else if (answer.ok) {
        const saved = await answer.json();
        form.elements.version.value = saved.version;
        const news = show(saved.around);
        const now = new Date(), refused = Object.keys(saved.errors).length > 0;
        say(refused
          ? `Enregistré, sauf un champ à corriger. ${KEPT}`
          : `Enregistré à ${now.getHours()} h ${String(now.getMinutes()).padStart(2, "0")}.${news}`);
        // What was refused, or written meanwhile, the device alone has: kept from now on over the version just saved.
        if (refused || unsent) keep();
        else forget();
      } else throw new Error(answer.status);
    } catch {
      say(`Connexion perdue. ${KEPT} Il partira dès que possible.`);
      timer = setTimeout(send, 5000);
    }
    sending = false;
    if (pressed) return pressed();
    if (unsent) later();
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(send, 1200); };

  form.addEventListener("input", () => { unsent = true; keep(); later(); });
  // A save on its way comes back first: sent beside it, the same words would be taken for those of somebody else.
  // Pressed again, by whoever waits too long, the button sends at once.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    refreshToken();
    if (!sending || pressed) return;
    event.preventDefault();
    pressed = () => form.requestSubmit(event.submitter);
  });
  addEventListener("online", send);
  restore();
})();
