// Looks at every frame for what is on the screen, inside shadow roots too.
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
  const said = (text) => Boolean(document.body?.innerText.includes(text));
  const look = () => {
    if (document.body) {
      if (!seen.chart && chart()) seen.chart = performance.now();
      if (!seen.last && shown(deep(".lm-footer, .end"))) seen.last = performance.now();
      if (!seen.empty && said("runs 0")) seen.empty = performance.now();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  window.__change = (element, text) => new Promise((done) => {
    const begun = performance.now();
    const before = document.querySelector(".lm-place")?.dataset.figure;
    const changed = () => said(text)
      && (!before || (document.querySelector(".lm-place")?.dataset.figure !== before && chart()));
    const wait = () => (changed() ? done(performance.now() - begun) : requestAnimationFrame(wait));
    (element.closest("button, label") ?? element).click();
    wait();
  });
})();
