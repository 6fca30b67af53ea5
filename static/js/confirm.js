// A dialog to confirm: [data-coop-dialog="id"] opens <dialog id>; [data-coop-close] closes it. Without this file,
// the opener stays a link to a page that asks the same question.
(() => {
  for (const opener of document.querySelectorAll("[data-coop-dialog]")) {
    const dialog = document.getElementById(opener.dataset.coopDialog);
    if (!dialog?.showModal) continue;
    opener.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
    dialog.addEventListener("close", () => opener.focus());
    for (const closer of dialog.querySelectorAll("[data-coop-close]")) closer.addEventListener("click", () => dialog.close());
  }
})();
