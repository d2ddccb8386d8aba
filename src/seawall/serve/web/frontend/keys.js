// Hands stay on the keyboard. The server prints the keys where they act; this file only makes them act:
//   a[data-go="t"]       g t          a, button, summary [data-key="e"]   e
//   input [data-key]     chooses it
//   tr[data-row]         j k enter    input[data-find]   /                dialog[data-keys]   ?
const GO_MS = 1200;
let goUntil = 0;

const typing = (target) => target.closest?.("input:not([type=radio]), textarea, select, [contenteditable=true], .cm-editor");

const rows = () => [...document.querySelectorAll("tr[data-row]")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("at"));
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  all[now]?.classList.remove("at");
  next.classList.add("at");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function go(letter) {
  const link = [...document.querySelectorAll("a[data-go]")].find((one) => one.dataset.go === letter);
  link?.click();
  return Boolean(link);
}

const fixed = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("[data-find]")?.focus(),
  "?": () => document.querySelector("dialog[data-keys]")?.showModal(),
};

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const now = performance.now();
  if (now < goUntil) {
    goUntil = 0;
    if (go(event.key)) event.preventDefault();
    return;
  }
  if (event.key === "g") {
    goUntil = now + GO_MS;
    return;
  }
  const own = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  const act = own ? () => own.click() : fixed[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

export function listen(root) {
  root.addEventListener("keydown", press);
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) fixed["?"]();
  });
}
