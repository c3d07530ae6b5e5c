// On paper a chart is as wide as the page: it is drawn as narrow as its labels have room, then made smaller, and as it
// was afterwards. What a reader can open and is already here is opened by app.css.

const DRAWN = 860; // pixels that a wide drawing is made for
const PAPER = 640; // pixels of a frame's inside on A4 and on Letter

function plots() {
  return [...document.querySelectorAll(".lm-plot")].filter((plot) => plot.layout);
}

addEventListener("beforeprint", () => {
  for (const plot of plots()) {
    const width = Math.min(plot.clientWidth, DRAWN);
    if (width <= PAPER) continue;
    Object.assign(plot.style, { width: `${width}px`, zoom: PAPER / width });
    window.Plotly.relayout(plot, { width });
  }
});

addEventListener("afterprint", () => {
  for (const plot of plots()) {
    if (!plot.style.zoom) continue;
    Object.assign(plot.style, { width: "", zoom: "" });
    window.Plotly.relayout(plot, { width: undefined, autosize: true });
  }
});
