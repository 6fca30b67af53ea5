// Says that a document is being prepared until it is there, and takes no second press meanwhile. The form is
// [data-coop-prepare], what is said of it stands in [data-coop-prepare-state]. A file leaves the page as it is: the form is
// sent from here, to know when it has come. What the server refuses, the browser asks for again, and shows.
(() => {
  const form = document.querySelector("[data-coop-prepare]");
  if (!form) return;
  const button = form.querySelector("button");
  const state = form.querySelector("[data-coop-prepare-state]");
  let preparing = false;
  const say = (text, goesOn = false) => {
    preparing = goesOn;
    button.setAttribute("aria-disabled", String(goesOn));
    state.textContent = text;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (preparing) return;
    say("Le document se prépare…", true);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const isFile = !answer.headers.get("Content-Type").startsWith("text/html");
      answer.body.cancel();
      if (isFile) say("Le document est prêt.");
      if (answer.redirected) return location.assign(answer.url);
      say("");
      form.submit();
    } catch {
      // Whoever follows a link meanwhile comes here too: nothing is sent again.
      say("Connexion perdue. Recommencez dans un instant.");
    }
  });
  // Back on the page that the browser kept as it was.
  addEventListener("pageshow", () => say(""));
})();
