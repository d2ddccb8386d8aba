"""Texts a second, per signal and core, and what terms in disguise are found: `python bench/text_forms.py`.

Times are of the processor. Texts are those of the public sets beside the checkout, or made up where they are
not there. Peers (locks/bench.txt) do less each: pyahocorasick finds terms as they are written,
confusable-homoglyphs looks for letters that pass for others; they say what such a step costs elsewhere.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measure import machine, repeated, spread, table

from seawall.core.types import parse_type
from seawall.measure.proportion import wilson
from seawall.signals import KINDS
from seawall.signals.forms import Scan, normalise
from seawall.signals.near.groups import Groups
from seawall.signals.near.meaning import Meanings
from seawall.signals.near.model import Limits
from seawall.signals.near.sketch_rensa import Sketches
from seawall.signals.ports import Input
from seawall.signals.prompts import find_attacks, score
from seawall.testing import projects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PROMPTS = Path(__file__).with_name("prompts")
LETTERS = "etaoinshrdlucmfwypvbgkqjxz"
BATCH = 1_024
BRANDS = projects.bank("brands", "youtube.com", "facebook.com", "paypal.com", match="domain")
PEER = """
import json, sys, time
name, path = sys.argv[1:]
given = json.load(open(path))
if name == "pyahocorasick":
    import ahocorasick
    automaton = ahocorasick.Automaton()
    for term in given["terms"]: automaton.add_word(term, term)
    automaton.make_automaton()
    work = lambda text: list(automaton.iter(text.lower()))
else:
    from confusable_homoglyphs import confusables
    work = lambda text: confusables.is_dangerous(text)
best = 0.0
for _ in range(3):
    began = time.process_time()
    for text in given["texts"]: work(text)
    best = max(best, len(given["texts"]) / (time.process_time() - began))
print(best)
"""


def texts() -> list[str]:
    """Comments, text messages and posts, each once."""
    found: dict[str, None] = {}
    for path in sorted(DATA.glob("youtube_spam/Youtube0*.csv")):
        with path.open(encoding="utf-8") as file:
            found.update(dict.fromkeys(row["CONTENT"] for row in csv.DictReader(file)))
    sms = DATA / "sms_spam" / "SMSSpamCollection"
    if sms.exists():
        lines = sms.read_text("utf-8", errors="replace").splitlines()
        found.update(dict.fromkeys(line.partition("\t")[2] for line in lines))
    posts = DATA / "davidson" / "data_labeled_data.csv"
    if posts.exists():
        with posts.open(encoding="utf-8") as file:
            found.update(dict.fromkeys(row["tweet"] for row in csv.DictReader(file)))
    return list(found) or list(_made_up())


def _made_up() -> Iterator[str]:
    rng = random.Random(2)
    words = ["".join(rng.choices(LETTERS, range(26, 0, -1), k=rng.randint(2, 9))) for _ in range(20_000)]
    for _ in range(10_000):
        yield " ".join(rng.choices(words, k=rng.randint(3, 25)))


def terms(given: list[str], count: int) -> list[str]:
    """300 words of the texts, and made-up ones of one or two words."""
    rng = random.Random(1)
    known = sorted({word.lower() for text in given for word in re.findall(r"[A-Za-z]{4,}", text)})
    found = set(rng.sample(known, min(300, len(known))))

    def word() -> str:
        return "".join(rng.choices(LETTERS, range(26, 0, -1), k=rng.randint(5, 10)))

    while len(found) < count:
        found.add(word() if rng.random() < 0.5 else f"{word()} {word()}")
    return sorted(found)


def pace(work: Callable[[list[str]], object], given: list[str], batch: int) -> list[float]:
    """Texts a second, three times."""

    def all_of_them() -> None:
        for start in range(0, len(given), batch):
            work(given[start : start + batch])

    all_of_them()
    return [len(given) / seconds for seconds in repeated(all_of_them, times=3)]


def scans(given: list[str]) -> None:
    """Banks with variants, by number of terms and of texts at once."""
    rows: list[list[str]] = []
    told: list[tuple[str, str, str]] = []
    for count in (20_000, 100_000):
        began = time.process_time()
        scan = Scan([projects.bank("terms", *terms(given, count))])
        built = time.process_time() - began
        for batch in (1, 64, BATCH):

            def fresh(some: list[str], scan: Scan = scan) -> object:
                scan.forget()
                return scan.read(some)

            rows.append(
                [f"{count:,}", str(batch), spread(pace(fresh, given, batch), digits=0), f"{built:.1f}"]
            )
        if not told:
            told = [
                (one.term, text[one.start : one.end], one.manner)
                for text in given
                for one in scan.read([text])[0]
                if one.manner != "plain"
            ]
    lines = table(["terms", "texts at once", "texts/s", "built in s"], rows)
    counted = Counter(manner for _, _, manner in told)
    manners = ", ".join(f"{n} {name}" for name, n in counted.most_common())
    lines += [
        "",
        f"Of {len(given):,} texts, {len(told)} matches of 20,000 terms are in disguise: {manners}.",
    ]  # what people wrote stays in the data
    print("\n".join(["## Terms in disguise", "", *lines]))


CASES = (
    ("links", "count", "integer", {}),
    ("links", "imitates", "string", {"list": "brands"}),
    ("contacts", "count", "integer", {"what": "contact"}),
    ("contacts", "count", "integer", {"what": "payment"}),
    ("contacts", "count", "integer", {"what": "price"}),
    ("language", "language", "string", {}),
    ("language", "script", "string", {}),
    ("language", "mixed_words", "integer", {}),
    ("prompt_attack", "score", "number", {}),
)


def signals(given: list[str]) -> None:
    """Every kind about texts that reads them one by one."""
    rows: list[list[str]] = []
    for kind, gives, type_, options in CASES:
        spec = projects.signal(
            "s", kind=kind, type_=parse_type(type_).kind, options={"gives": gives, **options}
        )
        signal = KINDS[kind].build(spec, projects.project(banks=[BRANDS]))

        def read(some: list[str], signal: object = signal) -> object:
            return signal.read([Input(text) for text in some])  # type: ignore[attr-defined]

        name = " ".join((kind, gives, *(value for key, value in options.items() if key == "what")))
        rows.append([name, spread(pace(read, given, BATCH), digits=0)])

    def near(some: list[str]) -> object:
        return groups.observe(some, [0] * len(some))

    for batch in (64, BATCH):
        groups = Groups(Sketches(50_000, least=20), Limits(10**12, 50_000, 0.7))
        rows.append([f"near_text, {batch} at once", spread(pace(near, given, batch), digits=0)])
    rows.append(
        ["near_meaning, 10,000 kept, 384 dimensions, without the encoder", spread(_meanings(), digits=0)]
    )
    print("\n".join(["", "## Signals about texts", "", *table(["signal", "texts/s"], rows)]))


def _meanings() -> list[float]:
    vectors = np.random.default_rng(1).normal(size=(10_000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = Meanings(10_000, lambda some: vectors[: len(some)], least=0)
    for place, vector in enumerate(vectors):
        index.put(place, vector)
    return [500 / each for each in repeated(lambda: [index.nearest(one) for one in vectors[:500]], times=3)]


def bands() -> None:
    """How near a changed copy is, and whether it is found."""
    rng = random.Random(3)
    found: dict[int, list[bool]] = {}
    for text in texts()[:3_000]:
        words = text.split()
        if len(words) < 8:
            continue
        for _ in range(rng.randint(1, 5)):
            words[rng.randrange(len(words))] = rng.choice(("now", "hello", "lantern", "x12"))
        index = Sketches(64, least=20)
        one, other = index.prepare([text, " ".join(words)])
        if one is None or other is None:
            continue
        index.put(0, one)
        near = _jaccard(normalise(text), normalise(" ".join(words)))
        found.setdefault(int(near * 10), []).append(index.nearest(other) is not None)
    rows = [
        [f"{near / 10:.1f} to {near / 10 + 0.1:.1f}", str(len(each)), f"{sum(each) / len(each):.3f}"]
        for near, each in sorted(found.items())
    ]
    head = ["Jaccard's index of the pieces", "pairs", "share found"]
    print("\n".join(["", "## Near copies: what is found", "", *table(head, rows)]))


def _jaccard(one: str, other: str) -> float:
    pieces, others = ({each[n : n + 4] for n in range(len(each) - 3)} for each in (one, other))
    return len(pieces & others) / max(1, len(pieces | others))


def attacks() -> None:
    """Precision and recall on our own attacks and look-alikes."""
    rows: list[list[str]] = []
    for name, suffix in (("mended on", ""), ("held out", "_held")):
        bad, fine = (_lines(f"{each}{suffix}.txt") for each in ("attacks", "benign"))
        for least in (0.5, 0.7):
            hit = sum(score(find_attacks(text)) >= least for text in bad)
            wrong = sum(score(find_attacks(text)) >= least for text in fine)
            shares = (wilson(hit, len(bad)), wilson(hit, hit + wrong), wilson(wrong, len(fine)))
            told = [f"{each.value:.2f} ({each.low:.2f} to {each.high:.2f})" for each in shares]
            rows.append([name, str(least), *told, f"{len(bad)} + {len(fine)}"])
    head = ["set", "score from", "recall", "precision", "false positives", "attacks + others"]
    print("\n".join(["", "## Attacks on language models, on our own texts", "", *table(head, rows)]))


def _lines(name: str) -> list[str]:
    text = (PROMPTS / name).read_text("utf-8")
    return [line.replace("\\n", "\n").replace("\\u200b", "\u200b") for line in text.splitlines() if line]


def peers(given: list[str], python: str | None) -> None:
    """What the simplest step of it costs elsewhere."""
    rows: list[list[str]] = []
    if python is None or not Path(python).exists():
        print("\nSkipped: pyahocorasick, confusable-homoglyphs (make bench sets up an interpreter with them)")
        return
    path = Path(python).with_name("text-peers.json")
    path.write_text(json.dumps({"texts": given, "terms": terms(given, 100_000)}))
    for name in ("pyahocorasick", "confusable-homoglyphs"):
        ran = subprocess.run(
            [python, "-c", PEER, name, str(path)], capture_output=True, text=True, check=False
        )
        told = (
            f"{float(ran.stdout):,.0f}"
            if ran.returncode == 0
            else (ran.stderr.splitlines() or ["failed"])[-1]
        )
        rows.append([name, told])
    path.unlink()
    print(
        "\n".join(["", "## Peers, each a smaller step", "", *table(["peer", "texts/s, best of three"], rows)])
    )


def main() -> None:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", help="interpreter that has the peers of locks/bench.txt")
    asked.add_argument("--most", type=int, default=40_000, help="texts")
    given = asked.parse_args()
    some = texts()[: given.most]
    mean = sum(map(len, some)) / len(some)
    told = f"- {len(some):,} texts, {mean:.0f} characters in the mean"
    print("\n".join(["# Text forms", "", *machine(), told, ""]))
    scans(some)
    signals(some)
    bands()
    attacks()
    peers(some, given.peers)


if __name__ == "__main__":
    main()
