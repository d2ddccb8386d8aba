// What every page of the console loads: htmx without eval, the keys, and forms that submit as they change.
import htmx from "htmx.org";
import { listen } from "./keys.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // they would be an inline style, which our policy forbids
htmx.config.selfRequestsOnly = true;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRF-Token"] = token;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// a filter that was left empty would only clutter the address
document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) field.disabled ||= field.name && field.value === "";
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] :disabled")) field.disabled = false;
});

listen(document);
