// What our pages are made of beside Streamlit: charts in their places, and folded tables that are fetched late.
// A place is `<div class="lm-place" data-figure=…>` in the page's HTML (dashboards/web/html.py).

import { draw, plotly } from "./chart.js";
import "./follow.js";
import { showNews } from "./news.js";
import "./print.js";
import "./search.js";

const WIDEST = 1288; // pixels of a page, its edges included (app.css)
const UNUSED = 20_000; // milliseconds after which a figure drawn ahead is nobody's
const taken = new Map(); // place → the chart in it
let sought = location.hash.slice(1); // a term of the glossary, drawn long after the page has loaded
let spoken = { language: "", words: {} }; // Streamlit's words as they were last asked for
const waiting = new Map(); // figure → a chart that was drawn ahead of its page

// A figure that the page will ask for, drawn out of sight while the page is still loading.
export function ahead(figure) {
  const chart = begin(figure);
  const edges = window.innerWidth < 768 ? 42 : 90;
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
  stand();
  const term = sought && document.getElementById(sought);
  if (term) { term.scrollIntoView(); sought = ""; }
}

// The rows of pages are told to who cannot see them: the menu by its button's name, a section's pages by its own.
function landmarks() {
  const names = { pages: document.querySelector("[data-opens=pages]")?.ariaLabel,
    subpages: document.querySelector(".st-key-pages > * > [data-testid=stPageLink] a[aria-current]")?.textContent.trim() };
  for (const [key, name] of Object.entries(names)) {
    const row = document.querySelector(`.st-key-${key}`);
    if (!row) continue;
    if (row.getAttribute("role") !== "navigation") row.setAttribute("role", "navigation");
    if (name && row.getAttribute("aria-label") !== name) row.setAttribute("aria-label", name);
  }
}

// Streamlit's links to the pages: which one is shown is told to who cannot see it; the first page's link leads
// there from any page in a tab of its own too.
function links() {
  for (const link of document.querySelectorAll(":is(.st-key-pages, .st-key-subpages) a")) {
    const leads = link.getAttribute("href");
    if (leads === "" || leads.startsWith("?")) link.setAttribute("href", `./${leads}`);
    if (named(leads) === named(location.pathname)) {
      if (!link.hasAttribute("aria-current")) link.setAttribute("aria-current", "page");
    } else if (link.getAttribute("aria-current") === "page") link.removeAttribute("aria-current");
  }
  // a page that no link leads to: its section is marked
  const row = [...document.querySelectorAll(".st-key-pages > * > [data-testid=stPageLink] a")];
  const section = document.querySelector("[data-section]")?.dataset.section;
  const within = section !== undefined && !row.some((link) => link.getAttribute("aria-current") === "page");
  for (const link of row) {
    const here = within && section && named(link.getAttribute("href")) === (section === "overview" ? "" : section);
    if (here && !link.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
    else if (!here && link.getAttribute("aria-current") === "true") link.removeAttribute("aria-current");
  }
}

// What stood before any script goes when the page stands: its foot is drawn, or it has ended without one.
function stand() {
  const first = document.getElementById("first");
  const app = document.querySelector("[data-testid=stApp]");
  const ended = app?.dataset.testScriptState === "notRunning" && app.querySelector(".lm-name");
  const whole = document.querySelector(".lm-footer") && !document.querySelector("[data-testid=stSkeleton]");
  if (!first || !(whole || ended || document.querySelector("[role=dialog]"))) return;
  const main = document.querySelector("[data-testid=stMain]");
  if (main) main.scrollTop = first.scrollTop;
  first.remove();
}
const standing = setInterval(() => { stand(); if (!document.getElementById("first") && document.body) clearInterval(standing); }, 100);

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
const SAID = "[data-testid=stSkipToContent], a[href^='#']:not([data-testid=stHtml] a), [role=dialog] *, [role=listbox] *";

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
  asked ||= requestAnimationFrame(() => { asked = 0; links(); landmarks(); showNews(); translate(); });
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
  const button = target.closest?.("button.lm-send, button.lm-copy");
  if (!button) return;
  const text = button.parentNode.querySelector(".lm-message, pre");
  const said = button.parentNode.querySelector(".lm-sent");
  const { address } = button.dataset;
  const whole = address ? `${text.innerText.trim()}\n${new URL(address, document.baseURI)}` : text.innerText.trim();
  try {
    if (address && navigator.share) await navigator.share({ text: whole });
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

// Streamlit's link past the menus leads to a main part that has our menus in it: it goes on to the heading.
document.addEventListener("click", ({ target }) => {
  const heading = target.closest?.("[data-testid=stSkipToContent]") && document.querySelector("[data-testid=stMain] h1");
  if (heading) setTimeout(() => { heading.tabIndex = -1; heading.focus(); });
});

// A frame shows its chart, its table or its sources.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".lm-tabs button");
  const frame = button?.closest(".lm-frame");
  if (!frame) return;
  const body = frame.querySelector(".lm-frame-body"); // as high as before: the buttons stay under the hand
  if (frame.dataset.shows === "chart") body.style.setProperty("--lm-drawn", `${body.getBoundingClientRect().height}px`);
  frame.dataset.shows = button.dataset.shows;
  for (const each of frame.querySelectorAll(".lm-tabs button")) each.setAttribute("aria-pressed", String(each === button));
  const sheet = frame.querySelector(".lm-sheet > details");
  if (sheet) sheet.open = button.dataset.shows === "table";
});

// A choice changes the address in its place: Back leads to the page before, never to a choice before.
const push = history.pushState.bind(history);
history.pushState = (state, unused, address) => {
  const leads = address == null ? location : new URL(address, location.href);
  const same = leads.pathname === location.pathname && !state?.opened; // what a page opens may be gone back from
  if (same) history.replaceState(state, unused, address);
  else push(state, unused, address);
};

// The masthead's menus: a button opens one, Escape, a choice or a touch beside it closes it.
function open(name) {
  if (name) document.documentElement.dataset.menu = name;
  else delete document.documentElement.dataset.menu;
  for (const each of document.querySelectorAll(".lm-opens")) each.setAttribute("aria-expanded", String(each.dataset.opens === name));
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".lm-opens");
  const shown = document.documentElement.dataset.menu;
  if (button) open(shown === button.dataset.opens ? "" : button.dataset.opens);
  else if (shown && (!target.closest?.(`.st-key-${shown}`) || target.closest("a, button"))) open("");
});
document.addEventListener("keydown", ({ key }) => {
  const shown = document.documentElement.dataset.menu;
  if (key !== "Escape" || !shown) return;
  open("");
  document.querySelector(`.lm-opens[data-opens="${shown}"]`)?.focus();
});
