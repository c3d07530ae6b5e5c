// Looks at every frame for what is on the screen, inside shadow roots too. It must weigh little: what it asks
// of a large page at every frame (`innerText` lays the whole page out anew) would be measured with the page.
(() => {
  const seen = (window.__seen = {});
  const deep = (css, root = document) => {
    const found = root.querySelector(css);
    if (found) return found;
    for (const each of root.querySelectorAll("*")) {
      const inner = each.shadowRoot && deep(css, each.shadowRoot);
      if (inner) return inner;
    }
  };
  const shown = (element) => {
    if (!element?.checkVisibility({ visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return Boolean(box.width || box.height) && box.right > 0;
  };
  const chart = () => shown(deep(".js-plotly-plot .scatterlayer .trace path"));
  const said = (text) => Boolean(document.body?.textContent.includes(text));
  const look = () => {
    if (document.body) {
      if (!seen.chart && chart()) seen.chart = performance.now();
      if (!seen.last && shown(deep(".lm-footer, .end"))) seen.last = performance.now();
      if (!seen.empty && said("runs 0")) seen.empty = performance.now();
    }
    if (!(seen.empty || (seen.chart && seen.last))) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // A chart of ours is there once the place that asks for another figure than before holds it, drawn.
  const figures = () => [...document.querySelectorAll(".lm-place")].map((place) => place.dataset.figure);
  const drawn = (place) => place?.querySelector(".lm-chart")?.dataset.drawn === place?.dataset.figure
    && [...place.querySelectorAll(".scatterlayer .trace path")].some(shown);
  const within = (place) => place.getBoundingClientRect().top < innerHeight;

  // Milliseconds from pressing the mouse until `text` is said, and the charts that changed are drawn: the first
  // one and every one within the window.
  window.__change = (text) => new Promise((done, fail) => {
    const before = figures();
    let begun;
    setTimeout(() => fail(new Error("nothing changed within 20 seconds")), 20000);
    const changed = () => {
      if (text && !said(text)) return false;
      if (!before.length) return true;
      const places = [...document.querySelectorAll(".lm-place")];
      return places[0]?.dataset.figure !== before[0]
        && places.every((place, at) => (at && !within(place)) || drawn(place));
    };
    const wait = () => (changed() ? done(performance.now() - begun) : requestAnimationFrame(wait));
    document.addEventListener("pointerdown", ({ timeStamp }) => { begun = timeStamp; wait(); }, { capture: true, once: true });
  });
})();
