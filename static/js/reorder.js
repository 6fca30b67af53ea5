// Reorder a list by pointer, on top of the up and down buttons: a drop presses those buttons' form once, with the
// new order. The list is [data-coop-reorder] (its value: the address that receives `order`), its items [data-coop-item].
// Where the same things stand elsewhere on the page ([data-coop-mirror]: the id of that place, its lines
// [data-coop-twin], their rank [data-coop-rank]), they follow; the ends of the list lose the button that leads nowhere.
(() => {
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const ids = (list) => [...list.children].map((item) => item.dataset.coopItem).filter(Boolean);
  const settle = (list) => {
    const items = [...list.children];
    items.forEach((item, rank) => {
      for (const [direction, end] of [["up", 0], ["down", items.length - 1]]) {
        const button = item.querySelector(`button[value=${direction}]`);
        if (button) button.disabled = rank === end;
      }
      const twin = document.getElementById(list.dataset.coopMirror)?.querySelector(`[data-coop-twin="${item.dataset.coopItem}"]`);
      if (!twin) return;
      twin.parentElement.append(twin);
      const place = twin.querySelector("[data-coop-rank]");
      if (place) place.textContent = rank + 1;
    });
  };
  for (const list of document.querySelectorAll("[data-coop-reorder]")) {
    for (const item of list.querySelectorAll(":scope > [data-coop-item]")) {
      const handle = item.querySelector("[data-coop-handle]");
      if (!handle) continue;
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        if (event.button === 0) drag(list, item);
      });
    }
  }

  // The page listens, not the handle: a line that moves in the list would lose the pointer it has captured.
  function drag(list, item) {
    const before = ids(list).join();
    const follow = new AbortController();
    const on = (name, act) => document.addEventListener(name, act, { signal: follow.signal });
    item.classList.add("is-moving");
    on("pointermove", (event) => {
      const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-coop-item]");
      if (!under || under === item || under.parentElement !== list) return;
      const box = under.getBoundingClientRect();
      list.insertBefore(item, event.clientY > box.top + box.height / 2 ? under.nextSibling : under);
    });
    const drop = async () => {
      follow.abort();
      item.classList.remove("is-moving");
      const order = ids(list);
      if (order.join() === before) return;
      const body = new URLSearchParams(order.map((id) => ["order", id]));
      const answer = await fetch(list.dataset.coopReorder, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => null);
      if (!answer?.ok) return location.reload();
      settle(list);
    };
    on("pointerup", drop);
    on("pointercancel", drop);
  }
})();
