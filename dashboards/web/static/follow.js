// Links and forms within the app that the server writes (dashboards/web/addresses.py), followed without loading the
// app anew: the address changes, and Streamlit asks the server as it does for Back and Forward.

let wanted = ""; // the id of what takes the focus once it is there

// Streamlit asks the server for what an address says; the address changes in its place.
export function ask(address) {
  history.replaceState(history.state, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}

export function follow(address, focus = "") {
  wanted = focus;
  if (address !== location.href) history.pushState({ opened: true }, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-follow]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (new URL(link.href).pathname !== location.pathname) return; // another page: as any link
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  follow(link.href, link.dataset.focus);
});

// A form says its fields in the address beside what it says already; several boxes of one key are joined.
export function address(form) {
  const found = new URL(form.getAttribute("action"), document.baseURI);
  const said = new Map();
  for (const field of form.querySelectorAll("[data-key]")) {
    if (field.type === "checkbox" && !field.checked) continue;
    const { key } = field.dataset;
    const before = said.get(key) ?? (field.type === "checkbox" ? form.dataset.with : undefined);
    said.set(key, before === undefined ? field.value.trim() : `${before},${field.value}`);
  }
  for (const [key, value] of said) if (value) found.searchParams.set(key, value);
  return found.href;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.querySelector("[data-key]")) return;
  event.preventDefault();
  const leads = address(form);
  form.closest("[popover]")?.hidePopover();
  if (new URL(leads).pathname === location.pathname) follow(leads, document.activeElement?.id);
  else location.assign(leads);
});

// Escape closes what is open beside a list; up and down go from row to row.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("[popover]:popover-open"))
    document.querySelector(".lm-panel a.lm-close")?.click();
  const row = event.target.closest?.("a[id^='row-']");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!row || !step) return;
  const rows = [...document.querySelectorAll("a[id^='row-']")];
  const next = rows[rows.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// The focus waits for the server's answer: what was opened takes it, or what opened it when that is closed.
new MutationObserver(() => {
  if (!wanted || (wanted.startsWith("row-") && document.querySelector("a.lm-close"))) return; // not yet closed
  const place = document.getElementById(wanted) ?? (wanted.startsWith("row-") && document.querySelector(".lm-grid"));
  if (!place) return;
  wanted = "";
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}).observe(document.documentElement, { childList: true, subtree: true });
