// Draws one figure document with Plotly's basic bundle; loaded once a page, whoever the page is made by.
// A document holds the plotly figure and the words that belong to it (dashboards/web/chart_document.py).

const HERE = import.meta.url;
const STILL = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const NARROW = 560; // pixels below which a plot is a phone's
const MIDDLE = 780; // and below which it is narrower than what a wide drawing was made for
const FONT = "'Source Sans', sans-serif";
let loading;

// Plotly itself: from the page's own script tag where there is one, else from beside this file.
export function plotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  loading ??= new Promise((resolve, reject) => {
    let script = document.getElementById("plotly");
    if (!script) {
      script = Object.assign(document.createElement("script"), { src: new URL("plotly-basic.min.js", HERE).href, async: true });
      document.head.append(script);
    }
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => { loading = undefined; reject(new Error("plotly-basic.min.js")); });
    if (window.Plotly) resolve(window.Plotly);
  });
  return loading;
}

// Into `host`, whose place keeps its height. Returns what undoes it.
export async function draw(host, doc) {
  const Plotly = await plotly();
  Plotly.register(doc.locale);
  host.replaceChildren();
  host.classList.add("lm-chart");
  const plot = part(host, "div", "lm-plot");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${doc.title}. ${doc.summary} ${doc.words.keys}`);
  plot.tabIndex = 0;
  const said = part(host, "p", "lm-said");
  said.setAttribute("aria-live", "polite");
  const picked = part(host, "p", "lm-picked");
  picked.hidden = true;
  const take = part(host, "div", "lm-take");
  for (const format of ["png", "svg"]) {
    const button = part(take, "button", "", doc.words[format]);
    button.type = "button";
    button.addEventListener("click", () => picture(Plotly, doc, format));
  }
  const width = plot.clientWidth;
  const shown = fitting(doc, width);
  await Plotly.newPlot(plot, shown.data, pageLayout(shown), { ...STILL, locale: doc.locale.name });
  const pick = (point) => offer(picked, doc, point);
  plot.on("plotly_click", (event) => pick(event.points.find(carried)));
  const undo = [steps(Plotly, plot, said, pick), resizes(Plotly, plot, doc, width)];
  return () => { undo.forEach((each) => each()); Plotly.purge(plot); };
}

// The drawing for a width: most charts have one of their own for phones and one for tablets.
function fitting(doc, width) {
  if (!width || width >= MIDDLE) return doc;
  return (width < NARROW ? doc.narrow : doc.middle) ?? doc;
}

// From a touched point to the claims behind it.
function offer(picked, doc, point) {
  const found = carried(point);
  if (!found) return; // a tint or a label below the finger says nothing, and takes nothing away
  picked.hidden = false;
  picked.replaceChildren(`${plain(found.hover)} `);
  const link = part(picked, "a", "", doc.words.to_claims);
  link.href = doc.claims + encodeURIComponent(found.claim);
  const close = part(picked, "button", "", "×");
  close.type = "button";
  close.setAttribute("aria-label", doc.words.close);
  const shown = performance.now(); // the click that follows a tap may fall on what the tap has just opened
  close.addEventListener("click", (event) => { picked.hidden = event.pointerType !== "touch" || event.timeStamp - shown > 500; });
}

function part(parent, tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  parent.append(made);
  return made;
}

// Colours of text and ground come from app.css, so a change of theme draws nothing anew. Margins have room for
// the labels of the axes: to measure each of them takes an eighth of a drawing's time.
function pageLayout(doc) {
  const layout = Object.fromEntries(Object.entries(doc.layout).map(
    ([name, part]) => [name, /^[xy]axis/.test(name) ? { ticklabeloverflow: "allow", ...part } : part]));
  return { ...layout, autosize: true, width: undefined, dragmode: false, font: { ...doc.layout.font, family: FONT } };
}

// What a point carries: its hover text and the claim behind it; nothing for what is only drawn.
function carried(point) {
  const data = point?.customdata;
  return Array.isArray(data) && data[1] ? { hover: data[0], claim: data[1] } : null;
}

// Arrow keys walk over the points in time order, Enter picks one; what is shown is also said.
function steps(Plotly, plot, said, pick) {
  const points = plot.data.flatMap((trace, curveNumber) =>
    (trace.customdata ?? []).map((data, pointNumber) => ({ curveNumber, pointNumber, customdata: data, x: trace.x[pointNumber] })))
    .filter(carried)
    .sort((a, b) => (a.x < b.x ? -1 : a.x > b.x ? 1 : a.curveNumber - b.curveNumber));
  let at = -1;
  const show = (place) => {
    at = Math.min(Math.max(place, 0), points.length - 1);
    const { curveNumber, pointNumber } = points[at];
    const axis = plot._fullData[curveNumber];
    Plotly.Fx.hover(plot, [{ curveNumber, pointNumber }], [`${axis.xaxis}${axis.yaxis}`]);
    said.textContent = plain(points[at].customdata[0]);
  };
  const pressed = (event) => {
    const move = { ArrowRight: at + 1, ArrowLeft: at < 0 ? points.length - 1 : at - 1, Home: 0, End: points.length - 1 }[event.key];
    if (points.length && move !== undefined) show(move);
    else if (event.key === "Enter" && at >= 0) pick(points[at]);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  };
  const leave = () => { at = -1; said.textContent = ""; Plotly.Fx.unhover(plot); };
  plot.addEventListener("keydown", pressed);
  plot.addEventListener("blur", leave);
  return () => { plot.removeEventListener("keydown", pressed); plot.removeEventListener("blur", leave); };
}

function plain(html) {
  const box = document.createElement("template");
  box.innerHTML = html.replaceAll("<br>", ". ");
  return box.content.textContent;
}

// `width` is what it was drawn for: its place may have become another meanwhile.
function resizes(Plotly, plot, doc, width) {
  let shown = fitting(doc, width);
  let frame;
  const watch = new ResizeObserver(() => {
    if (plot.clientWidth === width || !plot.clientWidth) return;
    width = plot.clientWidth;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const drawn = shown;
      shown = fitting(doc, width);
      if (shown === drawn) Plotly.Plots.resize(plot);
      else Plotly.react(plot, shown.data, pageLayout(shown));
    });
  });
  watch.observe(plot);
  return () => { watch.disconnect(); cancelAnimationFrame(frame); };
}

const WIDE = 1200; // pixels of a picture
const LINE = 17;

// The same figure as a file, with what keeps it true when it is cropped: title, source, moment, build, address.
async function picture(Plotly, doc, format) {
  const layout = structuredClone(doc.layout);
  const title = wrapped(doc.title, 80);
  const below = [...wrapped(`${doc.source} ${doc.build}`, 165), ...wrapped(location.href, 165)];
  const head = 30 + 26 * title.length;
  const foot = 14 + LINE * below.length;
  layout.margin = { ...layout.margin, l: 24, r: 24, t: layout.margin.t + head, b: layout.margin.b + foot };
  const height = layout.height + head + foot;
  const edge = { xref: "paper", yref: "paper", x: 0, xanchor: "left", align: "left", showarrow: false };
  layout.annotations = [
    ...(layout.annotations ?? []),
    { ...edge, text: `<b>${title.map(safe).join("<br>")}</b>`, y: 1, yanchor: "top", yshift: layout.margin.t - 16, font: { size: 21 } },
    { ...edge, text: below.map(safe).join("<br>"), y: 0, yanchor: "bottom", yshift: 10 - layout.margin.b, font: { size: 12 } },
  ];
  if (layout.legend) layout.legend.y = foot / height;
  Object.assign(layout, { width: WIDE, height, autosize: false, paper_bgcolor: "#FDFCFA" });
  await Plotly.downloadImage(
    { data: structuredClone(doc.data), layout, config: { locale: doc.locale.name } },
    { format, width: WIDE, height, scale: format === "png" ? 2 : 1, filename: `${doc.name}-wide-${doc.locale.name}-${new Date().toISOString().slice(0, 10)}` },
  );
}

function wrapped(text, size) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line && line.length + word.length >= size) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

function safe(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
