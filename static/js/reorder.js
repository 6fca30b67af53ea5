// Reorder a list by pointer, on top of the up and down buttons: a drop presses those buttons' form once, with the
// new order. The list is [data-coop-reorder] (its value: the address that receives `order`), its items [data-coop-item].
(() => {
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const ids = (list) => [...list.children].map((item) => item.dataset.coopItem).filter(Boolean);
  for (const list of document.querySelectorAll("[data-coop-reorder]")) {
    let moved = null;
    let before = "";
    for (const item of list.querySelectorAll(":scope > [data-coop-item]")) {
      const handle = item.querySelector("[data-coop-handle]");
      if (!handle) continue;
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => {
        moved = item;
        before = ids(list).join();
        item.classList.add("is-moving");
        handle.setPointerCapture(event.pointerId);
        event.preventDefault();
      });
      handle.addEventListener("pointermove", (event) => {
        if (moved !== item) return;
        const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-coop-item]");
        if (!under || under === item || under.parentElement !== list) return;
        const box = under.getBoundingClientRect();
        list.insertBefore(item, event.clientY > box.top + box.height / 2 ? under.nextSibling : under);
      });
      const drop = async () => {
        if (moved !== item) return;
        moved = null;
        item.classList.remove("is-moving");
        const order = ids(list);
        if (order.join() === before) return;
        const body = new URLSearchParams(order.map((id) => ["order", id]));
        const answer = await fetch(list.dataset.coopReorder, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => null);
        if (!answer?.ok) location.reload();
      };
      handle.addEventListener("pointerup", drop);
      handle.addEventListener("pointercancel", drop);
    }
  }
})();
