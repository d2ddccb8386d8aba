"""How well text models tell abuse and spam: by source, language, group and capability, beside packaged libraries.

    python bench/text_quality.py [--peers PYTHON] [--stages linear static encoder] [--out FILE]

Every figure is of texts from a source that the model was not fitted to, or from a part of it kept for the test. What was
read by a library's own training is said.
"""

# ruff: noqa: E501, ISC004 -- its sentences are lines of Markdown
from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import yaml
from measure import machine, table

from seawall.core.errors import UsageError
from seawall.learn.text.fairness import naming
from seawall.learn.text.fit_sklearn import fit
from seawall.learn.text.quality import Quality, quality, threshold_at
from seawall.learn.text.recipe import Parts, read_recipe
from seawall.learn.text.rows import read_rows
from seawall.learn.text.stages import maker_of
from seawall.measure.proportion import wilson
from seawall.signals.text import TextModel, open_model
from seawall.signals.text.blind import Blind
from seawall.signals.text.kind import shipped_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.learn.text.recipe import Recipe
    from seawall.learn.text.rows import Row

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LIBRARIES = ("alt-profanity-check", "better-profanity", "glin-profanity")
PACE_S = 2.0
MLMA_EN = "mlma_en"


class Found(NamedTuple):
    """What a library or model said of some texts: scores, or why there are none; and its pace on one core."""

    scores: dict[str, np.ndarray] | str
    per_second: float = 0.0


def text_quality(
    *, peers: str | None, stages: Sequence[str], seconds: float = PACE_S, data: Path = SHARED
) -> list[str]:
    """The section, as lines of Markdown; one line where the data is not there."""
    said = ["", "## Text models", ""]
    if not data.exists():
        return [*said, "Skipped: the public data sets are not beside the checkout (`../shared/data`)."]
    recipe = _recipe()
    rows = read_rows(recipe, data).rows
    model = open_model(shipped_path("text-1"), detect=lambda texts: [None] * len(texts))
    sets = _sets(rows)
    asked = {"capabilities": [text for _, _, text in _capabilities()]} | {
        name: [row.text for row in some] for name, some in sets.items()
    }
    libraries = {name: _library(peers, name, asked, seconds=seconds) for name in LIBRARIES}
    skipped = [f"{name} ({each.scores})" for name, each in libraries.items() if isinstance(each.scores, str)]
    libraries = {name: each for name, each in libraries.items() if not isinstance(each.scores, str)}
    ours = {
        name: model.scores(texts, ["en"] * len(texts)).column("offensive") for name, texts in asked.items()
    }
    everyone = {"**text-1** (ships)": Found(ours), **libraries}
    said += _beside(everyone, sets)
    said += _groups(everyone, sets)
    said += _able(everyone)
    said += _by_source(recipe, rows, stages)
    said += _pace(model, asked["davidson"], libraries, seconds=seconds)
    return said + (["", "Skipped: " + "; ".join(skipped) + "."] if skipped else [])


def _recipe() -> Recipe:
    """The shipped model's, with the English part of one more source, for the test alone."""
    recipe = read_recipe(shipped_path("text-1").with_name("text-1.recipe.yml"))
    arabic = recipe.sources["mlma_ar"]
    english = msgspec.structs.replace(
        arabic, member="hate_speech_mlma/en_dataset.csv", language="en", part="test"
    )
    return msgspec.structs.replace(recipe, sources={**recipe.sources, MLMA_EN: english})


def _sets(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """English texts with labels of offence that text-1 was not fitted to."""
    return {
        MLMA_EN: [row for row in rows if row.source == MLMA_EN],
        "davidson": [row for row in rows if row.source == "davidson" and row.part == "test"],
        "ham": [
            row
            for row in rows
            if row.source in {"sms", "youtube"} and row.part == "test" and row.labels["spam"] is False
        ],
    }


def _truth(rows: Sequence[Row], head: str = "offensive") -> np.ndarray:
    return np.array([row.labels[head] for row in rows], np.bool_)


def _library(peers: str | None, name: str, asked: dict[str, list[str]], *, seconds: float) -> Found:
    if peers is None or not Path(peers).exists():
        return Found("no interpreter with the peers; make bench sets one up")
    joined = [text for texts in asked.values() for text in texts]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(joined, file)
        file.flush()
        command = [peers, str(Path(__file__).with_name("text_peer.py")), name, file.name, str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        return Found((done.stderr.strip().splitlines() or ["it failed"])[-1][:160])
    told = json.loads(done.stdout.splitlines()[-1])
    scores, place = {}, 0
    for each, texts in asked.items():
        scores[each] = np.array(told["scores"][place : place + len(texts)])
        place += len(texts)
    return Found(scores, told["per_second"])


def _beside(everyone: dict[str, Found], sets: dict[str, list[Row]]) -> list[str]:
    rows: list[list[str]] = []
    for name, found in everyone.items():
        assert not isinstance(found.scores, str)
        for each in (MLMA_EN, "davidson"):
            figures = _quality(_truth(sets[each]), found.scores[each])
            seen = " (it was made from it)" if each == "davidson" and name == "alt-profanity-check" else ""
            rows.append([name, each + seen, *_cells(figures)])
    return [
        "### Offensive language in English, beside packaged libraries",
        "",
        "`mlma_en` is a source that nobody here was made from; its labels agree little with those of any other set. `davidson` is the part that "
        "text-1 was not fitted to; alt-profanity-check was fitted to all of it. A word list answers yes or no, so its curve has one step.",
        "",
        *table(["", "texts", "n", "positive", "AUPRC", "ROC area", "R@P90", "R@FPR1"], rows),
    ]


def _groups(everyone: dict[str, Found], sets: dict[str, list[Row]]) -> list[str]:
    """Clean texts that name a group, each library at the threshold that flags 5 % of clean texts, or at its only one."""
    terms = read_recipe(shipped_path("text-1").with_name("text-1.recipe.yml")).fairness.terms["en"]
    clean = [
        (each, place)
        for each in (MLMA_EN, "davidson")
        for place, row in enumerate(sets[each])
        if not row.labels["offensive"]
    ]
    texts = [sets[each][place].plain for each, place in clean]
    rows: list[list[str]] = []
    flags: dict[str, np.ndarray] = {}
    for name, found in everyone.items():
        assert not isinstance(found.scores, str)
        scores = np.array([found.scores[each][place] for each, place in clean])
        flags[name] = scores >= min(threshold_at(scores, 0.05), 1.0)
    rows.append(["all", f"{len(texts):,}", *(_share(flag) for flag in flags.values())])
    for group, some in terms.items():
        names = naming(some)
        here = np.array([names.search(text) is not None for text in texts])
        if here.sum() >= 20:
            rows.append([group, f"{here.sum():,}", *(_share(flag[here]) for flag in flags.values())])
    return [
        "",
        "### Harmless texts that name a group",
        "",
        "Share flagged of the texts in both sets that people called clean, each at the threshold that flags 5 % of them, or at the only one it has; "
        "95 % intervals (Wilson). Groups with 20 texts or more.",
        "",
        *table(["group", "texts", *flags], rows),
    ]


def _capabilities() -> list[tuple[str, bool, str]]:
    written: Any = yaml.safe_load(Path(__file__).with_name("capabilities.yml").read_text())
    return [(name, truth, text) for name, some in written.items() for truth, text in some]


def _able(everyone: dict[str, Found]) -> list[str]:
    cases = _capabilities()
    kinds = list(dict.fromkeys(kind for kind, _, _ in cases))
    rows: list[list[str]] = []
    for kind in kinds:
        here = [place for place, case in enumerate(cases) if case[0] == kind]
        cells = []
        for found in everyone.values():
            assert not isinstance(found.scores, str)
            right = sum((found.scores["capabilities"][place] >= 0.5) == cases[place][1] for place in here)
            cells.append(f"{right} of {len(here)}")
        rows.append([kind, *cells])
    return [
        "",
        "### By capability",
        "",
        f"{len(cases)} texts written for this (`bench/capabilities.yml`), never trained on or tuned by; right at a threshold of 0.5. Too few for shares: "
        "read them as examples.",
        "",
        *table(["", *everyone], rows),
    ]


def _by_source(recipe: Recipe, rows: Sequence[Row], stages: Sequence[str]) -> list[str]:
    """Fitted to one source, tested on another."""
    youtube = _by_video(recipe)
    trials: list[tuple[str, str, str, list[Row], list[Row]]] = [
        ("spam", "sms", "youtube", _of(rows, "spam", "sms"), _of(rows, "spam", "youtube")),
        ("spam", "youtube", "sms", _of(rows, "spam", "youtube"), _of(rows, "spam", "sms")),
    ]
    for video in youtube:
        others = [row for each, some in youtube.items() if each != video for row in some]
        trials.append(
            ("spam", "youtube, four videos", f"the fifth: {video[:12].strip()}", others, youtube[video])
        )
    trials += [
        (
            "offensive",
            "davidson",
            MLMA_EN,
            _of(rows, "offensive", "davidson"),
            _of(rows, "offensive", MLMA_EN),
        ),
        (
            "offensive",
            MLMA_EN,
            "davidson",
            _of(rows, "offensive", MLMA_EN),
            _of(rows, "offensive", "davidson"),
        ),
        ("hate", "davidson", MLMA_EN, _of(rows, "hate", "davidson"), _of(rows, "hate", MLMA_EN)),
        (
            "offensive",
            "cold_train (zh)",
            "cold_test",
            _of(rows, "offensive", "cold_train"),
            _of(rows, "offensive", "cold_test"),
        ),
        *(
            (
                head,
                f"{source}, 70 %",
                "its test part",
                _of(rows, head, source, "train"),
                _of(rows, head, source, "test"),
            )
            for source, head in (
                ("mlma_ar", "offensive"),
                ("mlma_ar", "hate"),
                ("mlma_fr", "offensive"),
                ("mlma_fr", "hate"),
            )
        ),
    ]
    found: list[list[str]] = []
    skipped: list[str] = []
    for stage in stages:
        try:
            maker = maker_of(msgspec.structs.replace(recipe, stage=stage), said=lambda _: None)
        except UsageError as error:
            skipped.append(f"{stage} ({error.message})")
            continue
        vectors = _vectors(maker, recipe, trials, english=stage != "linear")
        for head, one, other, train, test in trials:
            if vectors is not None and train[0].language != "en":
                continue
            found.append(
                [stage, head, one, other, *_cells(_trial(recipe, maker, vectors, head, train, test))]
            )
    return [
        "",
        "### Fitted to one source, tested on another",
        "",
        *table(
            [
                "stage",
                "head",
                "fitted to",
                "tested on",
                "n",
                "positive",
                "AUPRC",
                "ROC area",
                "R@P90",
                "R@FPR1",
            ],
            found,
        ),
        *(["", "Skipped: " + "; ".join(skipped) + "."] if skipped else []),
    ]


def _of(rows: Sequence[Row], head: str, source: str, *parts: str) -> list[Row]:
    return [
        row
        for row in rows
        if row.source == source and head in row.labels and (not parts or row.part in parts)
    ]


def _by_video(recipe: Recipe) -> dict[str, list[Row]]:
    source = recipe.sources["youtube"]
    with (SHARED / source.path).open(encoding="utf-8-sig", newline="") as stream:
        names = sorted({row["VIDEO_NAME"] for row in csv.DictReader(stream)})
    found: dict[str, list[Row]] = {}
    for name in names:
        one = msgspec.structs.replace(source, parts=Parts(column="VIDEO_NAME", test=(name,)))
        rows = read_rows(msgspec.structs.replace(recipe, sources={"youtube": one}), SHARED).rows
        found[name] = [row for row in rows if row.part == "test"]
    return found


def _vectors(
    maker: Any, recipe: Recipe, trials: Sequence[tuple[str, str, str, list[Row], list[Row]]], *, english: bool
) -> dict[str, np.ndarray] | None:
    """Of the dense stages, each English text once; None for the sparse one."""
    if not english:
        return None
    blind = Blind(recipe.fairness.unseen)
    texts = sorted(
        {row.plain for _, _, _, train, test in trials for row in (*train, *test) if row.language == "en"}
    )
    matrix = maker.matrix([blind(text) for text in texts])
    return dict(zip(texts, matrix, strict=True))


def _trial(
    recipe: Recipe,
    maker: Any,
    vectors: dict[str, np.ndarray] | None,
    head: str,
    train: list[Row],
    test: list[Row],
) -> Quality | None:
    known = {row.plain for row in train}
    test = [row for row in test if row.plain not in known]
    truth, proof = _truth(train, head), _truth(test, head)
    weights = np.where(truth, len(truth) / 2 / truth.sum(), len(truth) / 2 / (~truth).sum())
    blind = Blind(recipe.fairness.unseen)

    def matrix(rows: list[Row]) -> Any:
        if vectors is not None:
            return np.array([vectors[row.plain] for row in rows])
        return maker.matrix([blind(row.plain) for row in rows])

    slopes, shift = fit(matrix(train), truth, weights, strength=recipe.strength, seed=recipe.seed)
    return _quality(proof, np.asarray(matrix(test) @ slopes + shift).ravel())


def _pace(model: TextModel, texts: list[str], libraries: dict[str, Found], *, seconds: float) -> list[str]:
    languages = ["en"] * len(texts)
    rows = [
        [
            "**text-1**, three heads",
            f"{_repeated(lambda: model.scores(texts, languages), len(texts), seconds):,.0f}",
        ]
    ]
    rows += [[name, f"{found.per_second:,.0f}"] for name, found in libraries.items()]
    length = np.mean([len(text) for text in texts])
    return [
        "",
        "### Pace",
        "",
        f"Texts a second of processor time, one core, posts of {length:.0f} characters on average, in batches.",
        "",
        *table(["", "texts/s"], rows),
    ]


def _repeated(work: Callable[[], object], count: int, seconds: float) -> float:
    work()
    done, began = 0, time.process_time()
    while not done or time.process_time() - began < seconds:
        work()
        done += count
    return done / (time.process_time() - began)


def _quality(truth: np.ndarray, scores: np.ndarray) -> Quality | None:
    return quality(truth, scores, rng=np.random.default_rng(0))


def _cells(found: Quality | None) -> list[str]:
    if found is None:
        return ["-"] * 6
    figures = (found.auprc, found.auc, found.recall_p90, found.recall_fpr01)
    return [
        f"{found.n:,}",
        f"{found.positive:,}",
        *(f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})" for each in figures),
    ]


def _share(flag: np.ndarray) -> str:
    share = wilson(int(flag.sum()), len(flag))
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"


def main() -> None:
    """Run it alone."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", help="interpreter that has the peers of locks/bench.txt")
    asked.add_argument("--stages", nargs="*", default=["linear"])
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    text = "\n".join([*machine(), *text_quality(peers=given.peers, stages=given.stages)]) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text)


if __name__ == "__main__":
    main()
