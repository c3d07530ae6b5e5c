// In a page that others show in a frame: tells the page around it how high it is, and again when that changes.
// It says nothing else, and is told nothing else than that somebody listens.
(() => {
  if (window.parent === window) return;
  const root = document.documentElement;
  let free = false;
  const tell = () => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    window.parent.postMessage({ liberometro: "height", version: 1, free, height }, "*");
  };
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.liberometro !== "ask") return;
    free = true;
    root.classList.add("free"); // its pictures need no longer fit into a height that does not change
    tell();
  });
  new ResizeObserver(tell).observe(root);
  tell();
})();
