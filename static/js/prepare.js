// Says that a document is being prepared until it is there, and takes no second press meanwhile. What is pressed is
// [data-coop-prepare]: a form, where it is said in its [data-coop-prepare-state], or a link, where it is said below the
// paragraph or the list of the link. The file is asked for from here, once, to know when it has come. To any other answer
// the browser goes by itself, and shows it.
(() => {
  const places = new Map();
  const placeOf = (state) => ({
    preparing: false,
    say(text, button, goesOn = false) {
      this.preparing = goesOn;
      button?.setAttribute("aria-disabled", String(goesOn));
      state.textContent = text;
    },
  });
  // The place is there, empty, from the beginning: what is written in it later is read aloud.
  const placeBelow = (link) => {
    const around = link.closest("p, ul") ?? link;
    if (!places.has(around)) {
      const state = document.createElement("p");
      state.className = "soft";
      state.setAttribute("role", "status");
      around.after(state);
      places.set(around, placeOf(state));
    }
    return places.get(around);
  };

  const keep = async (answer) => {
    const told = answer.headers.get("Content-Disposition") ?? "";
    const [, encoded, plain] = told.match(/filename\*=utf-8''([^;]+)|filename="([^"]+)"/i) ?? [];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = encoded ? decodeURIComponent(encoded) : plain ?? "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  const prepare = async (place, button, ask, goThere) => {
    if (place.preparing) return;
    place.say("Le document se prépare…", button, true);
    try {
      const answer = await ask();
      if (answer.ok && /^attachment/.test(answer.headers.get("Content-Disposition"))) {
        await keep(answer);
        return place.say("Le document est prêt.", button);
      }
      place.say("", button);
      await goThere(answer);
    } catch {
      // Whoever follows a link meanwhile comes here too: nothing is sent again.
      place.say("Connexion perdue. Recommencez dans un instant.", button);
    }
  };

  const pressed = [];
  for (const form of document.querySelectorAll("form[data-coop-prepare]")) {
    const place = placeOf(form.querySelector("[data-coop-prepare-state]"));
    const button = form.querySelector("button");
    pressed.push([place, button]);
    const ask = () => fetch(form.action, { method: "POST", body: new FormData(form) });
    const goThere = (answer) => (answer.redirected ? location.assign(answer.url) : form.submit());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      prepare(place, button, ask, goThere);
    });
  }
  for (const link of document.querySelectorAll("a[data-coop-prepare]")) {
    const place = placeBelow(link);
    pressed.push([place, link]);
    const ask = () => fetch(link.href);
    // A page that was led to says why once: what it said is shown here.
    const goThere = async (answer) => {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = page.querySelector(".messages > *");
      const where = answer.headers.get("Content-Location") ?? (answer.redirected ? answer.url : link.href);
      if (!told) return location.assign(where);
      const here = document.querySelector(".messages");
      here.replaceChildren(told);
      here.focus();
    };
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      prepare(place, link, ask, goThere);
    });
  }
  // Back on the page that the browser kept as it was.
  addEventListener("pageshow", () => pressed.forEach(([place, button]) => place.say("", button)));
})();
