"""One packaged toxicity library on texts: run by the interpreter that has the peers.

python bench/text_peer.py NAME TEXTS.json SECONDS  ->  {"version", "scores", "per_second"} on standard output
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

Scores = Callable[[list[str]], list[float]]


def _alt_profanity_check() -> Scores:
    library: Any = import_module("profanity_check")
    return lambda texts: [float(value) for value in library.predict_prob(texts)]


def _better_profanity() -> Scores:
    library: Any = import_module("better_profanity")
    library.profanity.load_censor_words()
    return lambda texts: [float(library.profanity.contains_profanity(text)) for text in texts]


def _glin_profanity() -> Scores:
    found: Any = import_module("glin_profanity").Filter()
    return lambda texts: [float(found.is_profane(text)) for text in texts]


def _profanityfilter() -> Scores:
    found: Any = import_module("profanityfilter").ProfanityFilter()
    return lambda texts: [float(found.is_profane(text)) for text in texts]


LIBRARIES: dict[str, Callable[[], Scores]] = {
    "alt-profanity-check": _alt_profanity_check,
    "better-profanity": _better_profanity,
    "glin-profanity": _glin_profanity,
    "profanityfilter": _profanityfilter,
}


def main() -> None:
    """Score every text once, then the first 500 again and again for the pace, in one batch each time."""
    name, path, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    texts: list[str] = json.loads(path.read_text())
    scores = LIBRARIES[name]()
    found = scores(texts)
    some, done, began = texts[:500], 0, time.process_time()
    while not done or time.process_time() - began < seconds:
        scores(some)
        done += len(some)
    pace = done / (time.process_time() - began)
    print(json.dumps({"version": version(name), "scores": found, "per_second": pace}))


if __name__ == "__main__":
    main()
