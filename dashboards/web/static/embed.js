// For pages that show Liberómetro's frames: gives each frame of this script's own host the height that its page
// says. Version 1; docs/quoting.md tells what it does. It reads and sends nothing of the page that it is in.
(() => {
  const home = new URL(document.currentScript.src).origin;
  const once = Symbol.for(`liberometro.embed.1 ${home}`);
  if (window[once]) return;
  window[once] = true;
  const list = () => [...document.getElementsByTagName("iframe")];
  const ask = (frame) => frame.contentWindow?.postMessage({ liberometro: "ask", version: 1 }, "*");
  window.addEventListener("message", (event) => {
    const said = event.data;
    if (event.origin !== home || said?.liberometro !== "height") return;
    const frame = list().find((each) => each.contentWindow === event.source);
    if (!frame) return;
    if (!said.free) ask(frame); // it still makes do with the height that it has
    else if (Number.isFinite(said.height) && said.height > 0 && said.height < 20000) {
      Object.assign(frame.style, { aspectRatio: "auto", minHeight: "0", boxSizing: "content-box" });
      frame.style.height = `${Math.ceil(said.height)}px`;
    }
  });
  const ours = (frame) => new URL(frame.src, document.baseURI).origin === home;
  const begin = () => list().filter(ours).forEach(ask);
  begin();
  document.addEventListener("DOMContentLoaded", begin);
})();
