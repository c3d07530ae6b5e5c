// Between Streamlit and chart.js: fetches the document that `data.figure` names and draws it once.

import { draw, plotly } from "./chart.js";

const WIDEST = 960; // pixels of a page's text, its edges included (style.css)
const UNUSED = 20_000; // milliseconds after which a figure drawn ahead is nobody's
const drawn = new WeakMap(); // element of Streamlit's → what stands in it
const waiting = new Map(); // figure → what was drawn ahead of its page

export default function mount({ data, parentElement, setStateValue }) {
  const pick = (found) => setStateValue("picked", found);
  const before = drawn.get(parentElement);
  if (before?.figure === data.figure) before.pick = pick;
  else {
    before?.leave();
    const now = waiting.get(data.figure) ?? begin(data.figure);
    waiting.delete(data.figure);
    now.pick = pick;
    now.ready.catch((error) => { console.warn(error); now.host.textContent = data.failed; });
    now.host.removeAttribute("style");
    parentElement.append(now.host);
    drawn.set(parentElement, now);
  }
  return () => { drawn.get(parentElement)?.leave(); drawn.delete(parentElement); };
}

// A figure that the page will ask for, drawn out of sight while the page is still loading.
export function ahead(figure) {
  const now = begin(figure);
  const edges = window.innerWidth <= 480 ? 29 : 40;
  const width = Math.min(document.documentElement.clientWidth, WIDEST) - edges;
  now.host.style.cssText = `position: absolute; left: -9999px; top: 0; width: ${width}px; visibility: hidden`;
  waiting.set(figure, now);
  now.ready.catch(() => waiting.delete(figure)); // the page will try once more
  setTimeout(() => { if (waiting.delete(figure)) now.leave(); }, UNUSED);
  whenThereIsABody(() => { if (!now.host.parentNode) document.body.append(now.host); });
}

function begin(figure) {
  const host = document.createElement("div");
  const now = { figure, host, pick: undefined, left: false, undo: undefined };
  now.leave = () => { now.left = true; now.undo?.(); host.remove(); };
  now.ready = show(now);
  return now;
}

async function show(now) {
  plotly();
  const answer = await fetch(new URL(now.figure, document.baseURI));
  if (!answer.ok) throw new Error(`${now.figure}: ${answer.status}`);
  const [doc] = await Promise.all([answer.json(), plotly()]);
  if (now.left) return;
  now.undo = await draw(now.host, doc, (found) => now.pick?.(found));
  if (now.left) now.undo();
}

function whenThereIsABody(then) {
  if (document.body) then();
  else document.addEventListener("DOMContentLoaded", then, { once: true });
}

// What is folded and has a source is fetched when a reader opens it.
document.addEventListener("toggle", async ({ target }) => {
  const { source, failed } = target.dataset ?? {};
  if (!source || !target.open) return;
  delete target.dataset.source;
  const place = document.createElement("div");
  target.append(place);
  try {
    const answer = await fetch(new URL(source, document.baseURI));
    if (!answer.ok) throw new Error(`${source}: ${answer.status}`);
    place.innerHTML = await answer.text();
  } catch (error) {
    console.warn(error);
    place.textContent = failed;
    target.dataset.source = source;
    target.addEventListener("toggle", () => place.remove(), { once: true });
  }
}, true);
