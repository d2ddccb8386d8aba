// What a reviewer's hands do beyond the keys that the server prints:
//   enter                   the form data-decide, or the button data-enter
//   select[data-focus="c"]  that key goes there          details[name=step]  opened, its field has the focus
//   [data-leaves]           goes away after so many milliseconds
//   [data-task]             is kept while somebody is at it
const KEEP_MS = 3 * 60_000;
const form = document.querySelector("form[data-decide]");
const said = document.querySelector("[data-said]");
const own = (target) => target.closest("a, button, summary, textarea, [contenteditable=true]");
const typing = (target) => target.closest("textarea, select, input:not([type=radio])");
let sent = false;

function decide() {
  const chosen = form.elements.choice.value;
  if (!chosen || (chosen === "other" && !form.elements.other.value)) {
    said.textContent = "Choose a clause first, or 0 for no violation.";
    return;
  }
  if (!sent) form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const { target } = event;
  if (event.key === "Escape") {
    const open = target.closest("details[open]");
    if (open) open.open = false;
    return;
  }
  if (event.key === "Enter") {
    const fits = form ? target === document.body || form.contains(target) : target === document.body;
    if (!fits || own(target)) return;
    event.preventDefault();
    if (event.repeat) return; // a key held down decides once
    if (form) decide();
    else document.querySelector("[data-enter]")?.click();
    return;
  }
  if (typing(target)) return;
  const field = [...document.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === event.key);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

form?.addEventListener("change", ({ target }) => {
  if (target.name === "other") form.querySelector("[data-other]").checked = Boolean(target.value);
  if (target.matches("[data-other]")) form.elements.other.focus();
  said.textContent = "";
});

for (const one of document.querySelectorAll("form[method=post]")) {
  one.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // the back button shows what is, not what was
  sent = false;
});

for (const step of document.querySelectorAll("details[name=step]")) {
  step.addEventListener("toggle", () => {
    if (step.open) (step.querySelector("[data-first]") ?? step.querySelector("input:not([type=hidden])")).focus();
  });
}

for (const strip of document.querySelectorAll("[data-leaves]")) {
  setTimeout(() => strip.remove(), Number(strip.dataset.leaves));
}

const task = document.querySelector("[data-task]")?.dataset.task;
if (task) {
  let active = false;
  for (const sign of ["keydown", "pointermove", "scroll"]) {
    document.addEventListener(sign, () => (active = true), { passive: true });
  }
  const token = document.querySelector('meta[name="csrf-token"]').content;
  setInterval(async () => {
    if (!active || document.hidden) return;
    active = false;
    const kept = await fetch(`${task}/keep`, { method: "POST", headers: { "X-CSRF-Token": token } }).catch(() => null);
    if (kept?.status === 409) document.querySelector("[data-lost]").hidden = false;
  }, KEEP_MS);
}
