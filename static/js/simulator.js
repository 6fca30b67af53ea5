// Computes a supposition again at each change. The form is [data-coop-simulator]; the answer of the server replaces
// [data-coop-result], and the address follows, so that a supposition can be kept or sent.
(() => {
  const form = document.querySelector("[data-coop-simulator]");
  const result = document.querySelector("[data-coop-result]");
  if (!form || !result) return;
  let asked = 0;
  form.addEventListener("change", async (event) => {
    if (event.target.name === "procedure") return form.requestSubmit();
    const query = new URLSearchParams(new FormData(form));
    const turn = ++asked;
    const answer = await fetch(`${location.pathname}?${query}&fragment=1`).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    result.innerHTML = await answer.text();
    history.replaceState(null, "", `?${query}`);
  });
})();
