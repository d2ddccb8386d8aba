"""Clips of a demo's day: made by code, harmless, shown by a handful of its videos, and looked at for real."""

from __future__ import annotations

import hashlib
import importlib
from typing import TYPE_CHECKING, Any

import msgspec

from seawall.policy.folder import SETTINGS_PATH
from seawall.signals.media.decoder import installed
from seawall.simulate.onnx_file import colour_means

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.demo.paths import Paths
    from seawall.serve.settings import Settings

STORY = "guaranteed_returns"
PROMISES, HARMLESS = 6, 4
"""How many videos show a promise, and how many others show anything."""

FOLDER, MODEL = "media", "colours.onnx"
_SIDE = 16
_RED, _GREEN, _GREY, _BLUE = (232, 22, 30), (24, 120, 70), (120, 130, 140), (30, 70, 170)
_SIGNALS = """\
# Written by `seawall demo`: signals that look at the clips it makes. docs/how-to/judge-images-and-video.md
signals:
  card_red:
    describes: How red a picture is, 0 to 1, by a model of a few bytes that the demo makes, in place of yours.
    kind: onnx_image
    on: video
    input: media
    cost: 120 ms
    batch: 1
    options: {{model: {model}, sha256: {sha256}, width: {side}, height: {side}, above: 0.8}}
  nudity_max:
    describes: How much of a clip looks like nudity, at its highest; NULL where no model is installed.
    kind: nudity
    on: video
    input: media
    cost: 600 ms
    batch: 1
    options: {{measure: max, above: 0.8}}
  shown_text:
    describes: The words that a clip shows; NULL where the extra `ocr` is not installed.
    kind: text_in_image
    on: video
    input: media
    type: string
    cost: 3 s
    batch: 1
    options: {{frames: 3}}
  shown_profit:
    describes: How strongly the words that a clip shows promise sure profit, 0 to 1.
    kind: lexicon
    on: video
    input: shown_text
    languages: [en]
    cost: 20 us
    options: {{list: fraud/sure-profit}}
"""
_STRATEGY = """\
# Written by `seawall demo`. `evaluate: always`: clips are looked at even where the caption says all.
strategy: fraud.shown_promise
describes: A video that shows a promise of sure profit, whatever its caption says.
policy: fraud/scams#c3
on: video
when: shown_profit >= 0.5 OR card_red >= 0.8 OR nudity_max >= 0.99
then:
  - ineligible
  - review: {queue: scam, timeout: 24h, on_timeout: ineligible}
mode: live
evaluate: always
on_failure: {review: scam}       # a file that cannot be looked at is no file in which nothing was found
owner: scaled-abuse
expect: {precision: 0.85, disturbance_per_10k: 100}
"""
_SETTINGS = """
media:                       # what signals may look at: the clips that the demo makes
  folders: {clips: media}
"""


def fit_clips(root: Path) -> None:
    """Let a scaffolded project look at clips; without the extra `media` it stays as it is."""
    if not installed():
        return
    settings = root / SETTINGS_PATH
    settings.write_text(settings.read_text(encoding="utf-8") + _SETTINGS, encoding="utf-8")
    digest = hashlib.sha256(colour_means(_SIDE)).hexdigest()
    signals = _SIGNALS.format(model=MODEL, sha256=digest, side=_SIDE)
    (root / "signals" / "media.yml").write_text(signals, encoding="utf-8")
    (root / "strategies" / "fraud" / "shown_promise.yml").write_text(_STRATEGY, encoding="utf-8")


def equipped(settings: Settings, paths: Paths) -> Settings:
    """Settings with the demo's own folder of models, unless there is another."""
    if settings.models is not None or not installed():
        return settings
    (paths.folder / MODEL).write_bytes(colour_means(_SIDE))
    return settings.model_copy(update={"models": paths.folder})


def attach(paths: Paths) -> int:
    """Make the clips and let some of the day's videos show them; gives how many do. 0 without `media`.

    Of the videos that promise sure profit the first show it, and other videos show what they like; one of
    those was cut off on its way.
    """
    if not installed() or not (paths.root / "signals" / "media.yml").is_file():
        return 0
    clips = _make(paths.root / FOLDER)
    promises = [name for name in clips if name.startswith("promise")]
    others = [name for name in clips if not name.startswith("promise")]
    part = paths.events.with_name("day.jsonl.clips")
    shown = 0
    with paths.events.open("rb") as events, paths.truth.open("rb") as truths, part.open("wb") as written:
        for line, truth in zip(events, truths, strict=True):
            kept = line
            if (promises or others) and b'"type":"video"' in line:
                waiting = promises if f'"story":"{STORY}"'.encode() in truth else others
                if waiting and (waiting is promises or b'"story":"everyday"' in truth):
                    name = waiting.pop(0)
                    media = msgspec.json.encode({"uri": f"file://clips/{name}", "sha256": clips[name]})
                    kept = line.rstrip()[:-1] + b',"media":' + media + b"}\n"
                    shown += 1
            written.write(kept)
    part.replace(paths.events)
    return shown


def _make(folder: Path) -> dict[str, str]:
    """The clips by name, with their digests."""
    folder.mkdir(parents=True, exist_ok=True)
    made: Any = importlib.import_module("seawall.simulate.clips_pyav")  # of the extra
    scene = made.Scene
    contents: dict[str, bytes] = {}
    for number in range(PROMISES):
        words = ("guaranteed returns every week", "double your money, no risk")[number % 2]
        scenes = (
            scene(2.0 + number % 3, (_GREEN, _BLUE, _GREY)[number % 3]),
            scene(2.5, _RED, words, beep=True),
            scene(3.0, (_GREY, _GREEN, _BLUE)[number % 3]),
            scene(2.0, _RED, "join my group today", beep=True),
        )
        contents[f"promise-{number}.webm"] = made.clip(scenes)
    for number, colour in enumerate((_GREEN, _BLUE)):
        contents[f"walk-{number}.webm"] = made.clip((scene(5, colour), scene(4, _GREY, "a walk by the sea")))
    contents["card.png"] = made.still(made.card("happy birthday to my sister", colour=(40, 90, 150)))
    contents["cut-off.mp4"] = made.clip((scene(4, _GREY),), made.Form("mp4", "mpeg4"))[:3_000]
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
