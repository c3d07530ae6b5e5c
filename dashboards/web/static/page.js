// What our pages are made of beside Streamlit: charts in their places, and folded tables that are fetched late.
// A place is `<div class="lm-place" data-figure=…>` in the page's HTML (dashboards/web/html.py).

import { draw, plotly } from "./chart.js";
import { showNews } from "./news.js";

const WIDEST = 960; // pixels of a page's text, its edges included (app.css)
const UNUSED = 20_000; // milliseconds after which a figure drawn ahead is nobody's
const taken = new Map(); // place → the chart in it
let sought = location.hash.slice(1); // a term of the glossary, drawn long after the page has loaded
let marked; // the link of the page that is shown: on a narrow screen its row is scrolled to it
let spoken = { language: "", words: {} }; // Streamlit's words as they were last asked for
const waiting = new Map(); // figure → a chart that was drawn ahead of its page

// A figure that the page will ask for, drawn out of sight while the page is still loading.
export function ahead(figure) {
  const chart = begin(figure);
  const edges = window.innerWidth <= 480 ? 29 : 40;
  const width = Math.min(document.documentElement.clientWidth, WIDEST) - edges;
  chart.host.style.cssText = `position: absolute; left: -9999px; top: 0; width: ${width}px; visibility: hidden`;
  waiting.set(figure, chart);
  chart.ready.catch(() => waiting.delete(figure)); // the page will try once more
  setTimeout(() => { if (waiting.delete(figure)) chart.leave(); }, UNUSED);
  if (!chart.host.parentNode) (document.body ?? document.documentElement).append(chart.host);
}

// Where it is known what a button leads to, its figure is drawn as soon as a hand or the keys are on it, and
// while the server is asked.
for (const kind of ["pointerover", "pointerdown", "focusin", "click"]) {
  document.addEventListener(kind, ({ target }) => {
    const said = target.closest?.("button")?.textContent.trim();
    for (const place of said ? document.querySelectorAll("[data-ahead]") : []) {
      const figure = JSON.parse(place.dataset.ahead)[said];
      if (figure && !waiting.has(figure)) ahead(figure);
    }
  }, true);
}

// Fetched at once; drawn when `after` is done.
function begin(figure, after) {
  const host = document.createElement("div");
  const chart = { host, left: false, undo: undefined };
  chart.leave = () => { chart.left = true; chart.undo?.(); host.remove(); };
  chart.ready = show(chart, figure, after);
  return chart;
}

async function show(chart, figure, after) {
  const [doc] = await Promise.all([fetched(figure).then((answer) => answer.json()), plotly(), after]);
  if (after) await new Promise((resolve) => setTimeout(resolve)); // the page is painted, and answers, in between
  if (chart.left) return;
  chart.undo = await draw(chart.host, doc);
  chart.host.dataset.drawn = figure;
  if (chart.left) chart.undo();
}

async function fetched(address) {
  const answer = await fetch(new URL(address, document.baseURI), { priority: "high" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

// Streamlit writes and rewrites the page's HTML: a chart goes with its place, and stays where only words changed.
function settle() {
  const free = new Map();
  for (const [place, chart] of taken) {
    if (place.isConnected) continue;
    taken.delete(place);
    free.set(place.dataset.figure, chart);
  }
  const places = [...document.querySelectorAll(".lm-place")].filter((place) => !taken.has(place));
  let before; // what is within the window is drawn first, then one chart after the other
  for (const place of places.sort((one, other) => farther(one) - farther(other))) {
    const { figure, failed } = place.dataset;
    const found = free.get(figure) ?? waiting.get(figure);
    free.delete(figure);
    waiting.delete(figure);
    const chart = found ?? begin(figure, before);
    before = Promise.allSettled([before, chart.ready]);
    taken.set(place, chart);
    chart.ready.catch((error) => { console.warn(error); place.textContent = failed; });
    chart.host.removeAttribute("style");
    place.replaceChildren(chart.host);
  }
  for (const chart of free.values()) chart.leave();
  links();
  showNews();
  const term = sought && document.getElementById(sought);
  if (term) { term.scrollIntoView(); sought = ""; }
}

// Streamlit's links to the pages: which one is shown is told to who cannot see it, and is within the row; the
// first page's link leads there from any page in a tab of its own too.
function links() {
  const row = document.querySelector(".st-key-pages");
  let here;
  for (const link of row?.querySelectorAll("a") ?? []) {
    const leads = link.getAttribute("href");
    if (leads.startsWith("?")) link.setAttribute("href", `./${leads}`);
    if (named(leads) === named(location.pathname)) here = link;
    else link.removeAttribute("aria-current");
  }
  here?.setAttribute("aria-current", "page");
  if (!here || here === marked || !document.querySelector(".lm-footer")) return; // not before the page is whole
  row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left;
  marked = here;
}

function named(address) {
  return address.split("?")[0].split("/").pop();
}

// How far a place is from what the reader sees, in pixels.
function farther(place) {
  const { top, bottom } = place.getBoundingClientRect();
  return Math.max(top - window.innerHeight, -bottom, 0);
}

// Streamlit's own words, which no setting reaches, in the reader's language (dashboards/app/server/front_page.py).
const NAMED = ["aria-label", "placeholder", "title"];
const SAID = "[data-testid=stSkipLink], a[href^='#']:not([data-testid=stHtml] a), [role=dialog] *, [role=listbox] *";

function translate() {
  const told = document.getElementById("streamlit-words");
  if (!told) return; // the page is still being read
  const language = document.documentElement.lang;
  if (language !== spoken.language) spoken = { language, words: into(language, JSON.parse(told.textContent)) };
  for (const each of document.querySelectorAll(NAMED.map((name) => `[${name}]`).join())) {
    for (const name of NAMED) {
      const said = each.getAttribute(name);
      const told = said && inOurs(said);
      if (told && told !== said) each.setAttribute(name, told);
    }
  }
  for (const each of document.querySelectorAll(SAID)) {
    const text = each.firstChild;
    if (text?.nodeType !== Node.TEXT_NODE) continue;
    const told = inOurs(text.nodeValue);
    if (told && told !== text.nodeValue) text.nodeValue = told;
  }
}

// Each word in any language → the word in this one.
function into(language, { languages, words, before }) {
  const at = languages.indexOf(language);
  const begun = before.map((forms) => forms.map((form) => `${form} `));
  return Object.fromEntries([...words, ...begun].flatMap((forms) => forms.map((form) => [form, forms[at]])));
}

function inOurs(said) {
  const { words } = spoken;
  if (words[said]) return words[said];
  const head = said.slice(0, said.indexOf(" ") + 1); // what a button does, and to what
  if (words[head]) return words[head] + said.slice(head.length);
  const end = said.slice(said.lastIndexOf(" — ") + 3); // a range's label and which end of it
  return words[end] && said.slice(0, -end.length) + words[end];
}

function later() {
  asked ||= requestAnimationFrame(() => { asked = 0; translate(); });
}
let asked = 0;

new MutationObserver(() => { settle(); later(); }).observe(document.documentElement, { childList: true, subtree: true });
settle();

// What is folded and has a source is fetched when a reader opens it.
document.addEventListener("toggle", async ({ target }) => {
  const { source, failed } = target.dataset ?? {};
  if (!source || !target.open) return;
  delete target.dataset.source;
  const inside = document.createElement("div");
  target.append(inside);
  try {
    inside.innerHTML = await (await fetched(source)).text();
  } catch (error) {
    console.warn(error);
    inside.textContent = failed;
    target.dataset.source = source;
    target.addEventListener("toggle", () => inside.remove(), { once: true });
  }
}, true);

// Sends a text with its address: the phone's own menu, else the clipboard, else the text is selected.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("button.lm-send");
  if (!button) return;
  const text = button.parentNode.querySelector(".lm-message");
  const said = button.parentNode.querySelector(".lm-sent");
  const whole = `${text.innerText.trim()}\n${new URL(button.dataset.address, document.baseURI)}`;
  try {
    if (navigator.share) await navigator.share({ text: whole });
    else {
      await navigator.clipboard.writeText(whole);
      said.textContent = button.dataset.copied;
    }
  } catch (error) {
    if (error.name === "AbortError") return; // the reader closed the menu
    getSelection().selectAllChildren(text);
    said.textContent = button.dataset.selected;
  }
});
