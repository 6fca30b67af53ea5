// Menus: Escape or a click elsewhere closes [data-coop-menu]; [data-coop-toggle] opens what it controls.
(() => {
  const close = (menu, refocus) => {
    if (!menu.open) return;
    menu.open = false;
    if (refocus) menu.querySelector("summary").focus();
  };
  for (const menu of document.querySelectorAll("details[data-coop-menu]")) {
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") close(menu, true); });
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false); });
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) close(menu, false); });
  }
  for (const button of document.querySelectorAll("[data-coop-toggle]")) {
    const set = (open) => button.setAttribute("aria-expanded", String(open));
    button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
    button.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      set(false);
      button.focus();
    });
  }
})();
