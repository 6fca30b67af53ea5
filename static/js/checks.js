// Says what the law makes of a plan while it is typed. The form is [data-coop-checked] (its value: the address that
// answers), the answer replaces [data-coop-checks]. Nothing is saved.
(() => {
  const form = document.querySelector("[data-coop-checked]");
  const place = document.querySelector("[data-coop-checks]");
  if (!form || !place) return;
  let timer, turn = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++turn;
      const answer = await fetch(form.dataset.coopChecked, { method: "POST", body: new FormData(form) }).catch(() => null);
      if (answer?.ok && mine === turn) place.innerHTML = await answer.text();
    }, 400);
  });
})();
