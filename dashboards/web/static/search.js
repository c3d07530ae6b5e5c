// The list of figures follows what is typed in its search: the address changes in its place while typing, and
// Enter makes it one step that Back undoes. Without this script the search waits for its button.

import { address, ask, follow } from "./follow.js";

const PAUSE = 300; // milliseconds without a key after which the list is asked
const told = document.createElement("p"); // how many figures match, for who hears the page
told.className = "lm-unseen";
told.setAttribute("role", "status");

let before = ""; // the address when typing began; empty while nobody types
let typed; // the field's id, text and caret, for the field that Streamlit writes anew
let timer = 0;

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-live]");
  if (!form) return;
  if (!told.isConnected) document.body.append(told);
  before ||= location.href;
  typed = { id: target.id, text: target.value, start: target.selectionStart, end: target.selectionEnd };
  clearTimeout(timer);
  timer = setTimeout(() => ask(address(document.getElementById(target.id)?.form ?? form)), PAUSE);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-live]") || !before) return;
  clearTimeout(timer);
  history.replaceState(history.state, "", before);
  before = "";
}, true);

// Another place is touched or reached, or the reader goes Back: nobody types any more.
for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, ({ target }) => {
  if (typed && target.id !== typed.id && !target.closest?.("form[data-live]")) end();
});
addEventListener("popstate", ({ isTrusted }) => { if (isTrusted) end(); });

function end() {
  clearTimeout(timer);
  before = "";
  typed = undefined;
}

new MutationObserver(() => {
  if (!typed) return;
  const field = document.getElementById(typed.id);
  if (field && document.activeElement === document.body) {
    field.value = typed.text;
    field.focus({ preventScroll: true });
    field.setSelectionRange(typed.start, typed.end);
  }
  const count = document.querySelector(".lm-bar-row p")?.textContent ?? "";
  if (count !== told.textContent) told.textContent = count;
}).observe(document.documentElement, { childList: true, subtree: true });
