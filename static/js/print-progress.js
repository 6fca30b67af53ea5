/* Follows a print without reloading the page: asks for the fragment until it says that it is over. */
(() => {
  const place = document.querySelector("[data-coop-print]");
  if (!place) return;

  const follow = async () => {
    if (place.querySelector("[data-coop-over]")) return;
    try {
      const answer = await fetch(place.dataset.coopPrint, { credentials: "same-origin" });
      if (answer.redirected || !answer.ok) return location.reload();
      const html = await answer.text();
      if (html !== place.dataset.last) place.innerHTML = place.dataset.last = html;
    } catch {
      /* The connection is lost: the print goes on, and so do we. */
    }
    setTimeout(follow, 1500);
  };
  setTimeout(follow, 1500);
})();
