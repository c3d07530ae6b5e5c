// Between Streamlit and chart.js: fetches the document that `data.figure` names and draws it once.

import { draw, plotly } from "./chart.js";

const drawn = new WeakMap(); // element → what stands in it and how to undo it

export default function mount({ data, parentElement, setStateValue }) {
  let host = parentElement.querySelector(":scope > .lm-mount");
  if (!host) {
    host = document.createElement("div");
    host.className = "lm-mount";
    parentElement.append(host);
  }
  const before = drawn.get(host);
  const pick = (found) => setStateValue("picked", found);
  if (before?.figure === data.figure) before.pick = pick;
  else {
    before?.undo?.();
    const now = { figure: data.figure, pick };
    drawn.set(host, now);
    show(host, data, now);
  }
  return () => { drawn.get(host)?.undo?.(); drawn.delete(host); host.remove(); };
}

async function show(host, data, now) {
  try {
    plotly();
    const answer = await fetch(new URL(data.figure, document.baseURI));
    if (!answer.ok) throw new Error(`${data.figure}: ${answer.status}`);
    const doc = await answer.json();
    if (drawn.get(host) !== now) return;
    const undo = await draw(host, doc, (found) => now.pick(found));
    if (drawn.get(host) === now) now.undo = undo;
    else undo();
  } catch (error) {
    console.warn(error);
    drawn.delete(host);
    host.textContent = data.failed;
  }
}
