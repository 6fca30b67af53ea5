// Light or dark: what the person chose here wins over what the machine asks. Runs before the page is drawn.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const chosen = stored();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  const current = () => root.dataset.theme || (system.matches ? "dark" : "light");
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-coop-theme]")) {
      const label = () => { button.querySelector("span").textContent = current() === "dark" ? "Thème clair" : "Thème sombre"; };
      button.hidden = false;
      label();
      system.addEventListener("change", label);
      button.addEventListener("click", () => {
        root.dataset.theme = current() === "dark" ? "light" : "dark";
        try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private browsing: this page only */ }
        label();
      });
    }
  });
})();
