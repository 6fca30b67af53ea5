// Says below a text how much room is left, once little is, and by how much it is too long: [data-coop-most] signs, and
// [data-coop-lines] lines. Nothing is cut, nothing is stopped: the server refuses and keeps the text on screen.
(() => {
  const NEAR = 0.9, PAUSE = 800; // of what is allowed; milliseconds after the last key, or each key would be read aloud
  const number = (value) => value.toLocaleString("fr-FR");
  const signs = (text) => [...text.trim()].length; // as the server counts: an emoji is one or several, a line end is one
  const lines = (text) => text.trim().split("\n").length;

  const told = (field) => {
    const most = Number(field.dataset.coopMost), mostLines = Number(field.dataset.coopLines || Infinity);
    const typed = signs(field.value), typedLines = lines(field.value);
    if (typed > most) return { over: true, text: `Trop long : ${number(typed)} signes, pour ${number(most)} au plus. Raccourcissez avant d’enregistrer.` };
    if (typedLines > mostLines) return { over: true, text: `Trop de lignes : ${number(typedLines)}, pour ${number(mostLines)} au plus.` };
    return { over: false, text: typed >= most * NEAR ? `${number(typed)} signes sur ${number(most)}.` : "" };
  };

  for (const field of document.querySelectorAll("[data-coop-most]")) {
    const count = document.createElement("p");
    count.className = "field__count";
    count.setAttribute("role", "status");
    field.after(count);
    let timer;
    const say = () => {
      const { over, text } = told(field);
      if (count.textContent !== text) count.textContent = text;
      count.classList.toggle("field__count--over", over);
    };
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(say, PAUSE); });
    say();
  }
})();
