// What is new since the reader's last visit, which stays in this browser: nobody is told of it.
// The answers since each day are in the page already (dashboards/app/news_html.py); the one that fits is shown.

const KEY = "lm-visits"; // situation → [this day, the day of the visit before it]

export function showNews() {
  const place = document.querySelector(".lm-since:not([data-ready])");
  if (!place) return;
  place.dataset.ready = "";
  const { situation, today } = place.dataset;
  const before = remember(situation, today);
  const [visit, usual] = [place.querySelector(".lm-visit"), place.querySelector(".lm-usual")];
  const blocks = [...place.querySelectorAll(".lm-news")];
  const choose = (button, since) => {
    // the first answer that begins on that day or later; after the last change nothing is new but silence
    const found = blocks.find((each) => each.dataset.since >= since) ?? blocks.at(-1);
    for (const each of blocks) each.hidden = each !== found;
    for (const each of [visit, usual]) each.setAttribute("aria-pressed", String(each === button));
  };
  usual.addEventListener("click", () => choose(usual, place.dataset.usual));
  if (!before) return;
  const day = new Date(`${before}T12:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short" });
  visit.textContent = visit.dataset.said.replace("•", day);
  visit.hidden = false;
  place.querySelector(".lm-kept").hidden = false;
  visit.addEventListener("click", () => choose(visit, before));
  if (!place.dataset.chosen) choose(visit, before);
}

// The day of the visit before this one's; a browser that keeps nothing has none.
function remember(situation, today) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const [last, before] = kept[situation] ?? [];
    if (last !== today) {
      kept[situation] = last ? [today, last] : [today];
      localStorage.setItem(KEY, JSON.stringify(kept));
      return last;
    }
    return before;
  } catch {
    return undefined;
  }
}
