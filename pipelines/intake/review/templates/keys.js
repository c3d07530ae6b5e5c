// The keys of the review page. Without this file its buttons do the same.
"use strict";
const form = document.getElementById("decision");
const undo = document.getElementById("undo");
let open = null; // the row of choices, or the reasons, that a digit picks from
let sent = false;

const rows = form ? [...form.querySelectorAll("tr[data-key]")] : [];
const refusals = document.getElementById("refusals");
const says = document.getElementById("says");

function press(button) {
  if (sent || !button || button.disabled) return;
  const name = form && form.elements.reviewer;
  if (button.form === form && button.name !== "take" && !name.value.trim()) {
    says.textContent = form.dataset.name;
    name.focus();
    return;
  }
  sent = button.name !== "take";
  button.click();
}

function show(part) {
  if (open) open.classList.remove("open");
  open = part;
  if (!part) { says.textContent = ""; return; }
  part.classList.add("open");
  const choices = [...part.querySelectorAll("button")].map((each) => each.textContent.trim());
  const what = part === refusals ? form.dataset.refuse : `${form.dataset.choose} ${part.querySelector("th").textContent.trim()}`;
  says.textContent = `${what}: ${choices.join(" · ")}`.replace(/\s+/g, " ");
}

function reach(part) { // a row without choices: its field is typed
  const buttons = part.querySelectorAll("button");
  if (buttons.length || part === refusals) { show(part); return; }
  document.getElementById("fields").open = true;
  form.elements[part.dataset.field].select();
}

function take(button) {
  const row = button.closest("tr");
  for (const other of row.querySelectorAll("button")) {
    for (const name of Object.keys(JSON.parse(other.dataset.sets))) {
      form.elements[name].value = form.elements[name].dataset.read;
    }
    other.setAttribute("aria-pressed", String(other === button));
  }
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.sets))) form.elements[name].value = value;
  const now = row.querySelector(".now");
  now.textContent = button.dataset.says;
  now.classList.toggle("changed", button.dataset.says !== now.dataset.read);
  show(null);
}

function decide() {
  if (open === refusals) { press(refusals.querySelector("button")); return; }
  const changed = [...form.querySelectorAll("input[data-read]")].some((each) => each.value !== each.dataset.read);
  press(form.querySelector(`button[value="${changed ? "correct" : "accept"}"]`));
}

if (form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=take]");
    if (button) { event.preventDefault(); take(button); }
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  const on = event.target;
  if (on.matches("input")) {
    says.textContent = "";
    if (event.key === "Escape" || event.key === "Enter") { event.preventDefault(); on.blur(); }
    return;
  }
  if (event.key === "u" && undo) { if (!sent) { sent = true; undo.requestSubmit(); } return; }
  if (!form) { // the queue: to its first figure, or to the button that renews the build
    const first = document.querySelector("ol a") || document.querySelector("form button");
    if (event.key === "Enter" && !on.closest("a, button")) first.click();
    return;
  }
  const row = rows.find((each) => each.dataset.key === event.key);
  if (row) reach(row);
  else if (open && /^[1-9]$/.test(event.key)) press(open.querySelector(`[data-number="${event.key}"]`));
  else if (event.key === "Enter" && !on.closest("a, button, summary")) decide();
  else if (event.key === "x") open === refusals ? decide() : reach(refusals);
  else if (event.key === "s") document.getElementById("later").click();
  else if (event.key === "c") { document.getElementById("fields").open = true; form.elements.value.focus(); }
  else if (event.key === "?") { const keys = document.getElementById("keys"); keys.open = !keys.open; keys.scrollIntoView(); }
  else if (event.key === "Escape") show(null);
  else return;
  event.preventDefault();
});
