// The player of a file and its timeline. The server prints the marks; this file makes them act:
//   .  ,                jump to the next mark and back     p  play or pause     x  faster, then slower
//   [data-at]           jumps there                         data-box="left top width height" is drawn over the picture
import "./nonce.js";
import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-control-bar.js";
import "media-chrome/dist/media-play-button.js";
import "media-chrome/dist/media-mute-button.js";
import "media-chrome/dist/media-time-range.js";
import "media-chrome/dist/media-time-display.js";
import "media-chrome/dist/media-fullscreen-button.js";

const WIDE = 1000;
const RATES = [1, 1.5, 2, 0.5];
const NEAR_S = 0.05; // closer than this one is at a mark already
const typing = (target) => target.closest?.("input:not([type=radio]), textarea, select, [contenteditable=true]");
const plays = (watch) => watch?.querySelector("video[data-plays], audio[data-plays]");
const marks = (watch) => [...watch.querySelectorAll("[data-marks] [data-at]")];

function frame(watch, mark) {
  const rect = watch.querySelector("rect[data-box]");
  if (!rect) return;
  const [x, y, width, height] = (mark?.dataset.box ?? "0 0 0 0").split(" ").map(Number);
  const { width: wide, height: high } = rect.ownerSVGElement.viewBox.baseVal;
  const placed = { x: x * wide, y: y * high, width: width * wide, height: height * high };
  for (const [name, value] of Object.entries(placed)) rect.setAttribute(name, value);
}

function jump(mark) {
  const watch = mark.closest("[data-watch]");
  const player = plays(watch);
  if (player) player.currentTime = Number(mark.dataset.at);
  for (const one of marks(watch)) one.removeAttribute("aria-current");
  if (mark.matches("button")) {
    mark.setAttribute("aria-current", "true");
    mark.scrollIntoView({ block: "nearest" });
  }
  frame(watch, mark);
}

function step(direction) {
  const watch = document.querySelector("[data-watch]");
  if (!watch) return;
  const all = marks(watch);
  const now = all.findIndex((one) => one.getAttribute("aria-current") === "true");
  const at = plays(watch)?.currentTime ?? 0;
  let next;
  if (now >= 0 && Math.abs(Number(all[now].dataset.at) - at) < NEAR_S) next = all[now + direction];
  else if (direction > 0) next = all.find((one) => Number(one.dataset.at) > at - NEAR_S);
  else next = all.filter((one) => Number(one.dataset.at) < at - NEAR_S).pop();
  if (next) jump(next);
}

const keys = {
  ".": () => step(1),
  ",": () => step(-1),
  p: () => {
    const player = plays(document.querySelector("[data-watch]"));
    if (player) player.paused ? player.play() : player.pause();
  },
  x: () => {
    const player = plays(document.querySelector("[data-watch]"));
    if (player) player.playbackRate = RATES[(RATES.indexOf(player.playbackRate) + 1) % RATES.length];
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-watch] [data-at]");
  if (mark) jump(mark);
});

// media events do not bubble, but they can be caught on their way down
document.addEventListener(
  "timeupdate",
  ({ target }) => {
    const watch = target.closest("[data-watch]");
    if (!watch || !target.duration) return;
    const x = (WIDE * target.currentTime) / target.duration;
    for (const line of watch.querySelectorAll("[data-head]")) {
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
    }
    if (!target.paused) frame(watch, null);
  },
  true,
);
document.addEventListener(
  "error",
  ({ target }) => {
    if (target.matches?.("[data-plays]")) target.closest("[data-watch]").querySelector("[data-gone]").hidden = false;
  },
  true,
);
