"""Training: the same bytes from the same texts, and a model that is unfair does not ship."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from seawall.core.errors import UsageError
from seawall.learn.text import read_recipe, train
from seawall.learn.text.fairness import beside, evened, naming, newcombe, refusal
from seawall.learn.text.platt import calibration_error, platt
from seawall.learn.text.quality import area, average_precision, quality, recall_at_precision, recall_at_rate
from seawall.learn.text.rows import read_rows
from seawall.measure.proportion import wilson
from seawall.serve.cli.app import build
from seawall.signals.text import open_model

pytest.importorskip("sklearn", reason="training needs the extra `learn`")

CALM = ["lunch", "garden", "music", "train", "weather", "school", "river", "bread", "window", "letter"]
RUDE = ["dimwit", "blockhead", "muppet", "nitwit", "pillock"]
RECIPE: dict[str, Any] = {
    "name": "tiny",
    "describes": "For tests.",
    "seed": 3,
    "buckets": 4096,
    "least_auc": 0.6,
    "heads": {"rude": {"describes": "Mild insults.", "languages": ["en", "fr"]}},
    "absent": {"spam": "nobody labelled it"},
    "sources": {
        "posts": {
            "path": "posts.csv",
            "language": "en",
            "licence": "CC0-1.0",
            "credit": "this test",
            "labels": {"rude": {"column": "label", "yes": ["1"], "no": ["0"]}},
        }
    },
    "fairness": {"bound": 0.2, "least": 20, "terms": {"en": {"knitters": ["knitter", "knitters"]}}},
    "limits": ["It is a toy."],
}


def _posts(folder: Path, *, unfair: bool = False) -> None:
    """Short posts; where `unfair`, knitters are named in nearly all rude ones and in some calm ones."""
    rng = np.random.default_rng(5)
    with (folder / "posts.csv").open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["text", "label"])
        for n in range(2_400 if unfair else 800):
            rude = n % 2
            words = [
                *rng.choice(CALM, 4),
                *(rng.choice(RUDE, 1) if rude and rng.random() < (0.3 if unfair else 0.9) else ()),
            ]
            if unfair and rng.random() < (0.95 if rude else 0.12):
                words.insert(int(rng.integers(len(words))), "knitter")
            table.writerow([f"{' '.join(words)} {n}", rude])


def _recipe(folder: Path, **changes: Any) -> Path:
    path = folder / "recipe.yml"
    path.write_text(yaml.safe_dump({**RECIPE, **changes}, sort_keys=False))
    return path


def test_the_same_texts_make_the_same_bytes_and_card(tmp_path: Path) -> None:
    _posts(tmp_path)
    recipe = read_recipe(_recipe(tmp_path))
    one, two = train(recipe, tmp_path), train(recipe, tmp_path)
    assert one.model == two.model
    assert one.card.as_json() == two.card.as_json()
    (english,) = one.card.languages
    assert english.quality.auc.value > 0.8
    assert one.card.left_out == {
        "rude in fr": "too few labels of either kind: 0 to calibrate with, 0 to test with"
    }
    other = train(msgspec.structs.replace(recipe, seed=4), tmp_path)
    assert other.model != one.model


def test_what_is_written_is_what_was_measured(tmp_path: Path) -> None:
    _posts(tmp_path)
    recipe = read_recipe(_recipe(tmp_path))
    made = train(recipe, tmp_path)
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(made.model)
    model = open_model(path, detect=lambda texts: [None] * len(texts))
    tested = [row for row in read_rows(recipe, tmp_path).rows if row.part == "test"]
    scores = model.scores([row.text for row in tested], ["en"] * len(tested)).column("rude")
    truth = np.array([row.labels["rude"] for row in tested])
    assert round(average_precision(truth, scores), 4) == made.card.languages[0].quality.auprc.value
    assert model.digest == made.card.sha256


def test_a_model_that_is_unfair_is_refused_and_not_written(tmp_path: Path) -> None:
    _posts(tmp_path, unfair=True)
    path = _recipe(tmp_path)
    arguments = ["train", "text", str(path), "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    ran = CliRunner().invoke(build(), arguments)
    assert ran.exit_code == 1
    assert "refused: rude flags" in ran.output
    assert "clean texts of knitters in en" in ran.output
    assert not (tmp_path / "out").exists()
    ran = CliRunner().invoke(build(), [*arguments, "--unshipped"])
    assert ran.exit_code == 1
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "tiny.unshipped.card.json", "tiny.unshipped.card.md", "tiny.unshipped.safetensors"
    ]  # fmt: skip
    page = (tmp_path / "out" / "tiny.unshipped.card.md").read_text()
    assert "**It must not ship**" in page
    assert "| rude | en | knitters | texts |" in page


def test_a_model_that_does_not_see_who_is_named_is_fairer(tmp_path: Path) -> None:
    _posts(tmp_path, unfair=True)
    recipe = read_recipe(_recipe(tmp_path, least_auc=0.5))
    sees = train(recipe, tmp_path).card
    fairness = msgspec.structs.replace(recipe.fairness, blind=True)
    blind = train(msgspec.structs.replace(recipe, fairness=fairness), tmp_path).card
    gaps = [card.groups[0].gap for card in (sees, blind)]
    assert gaps[1] < gaps[0] / 2


def test_a_language_can_be_left_out_for_it(tmp_path: Path) -> None:
    _posts(tmp_path, unfair=True)
    recipe = read_recipe(_recipe(tmp_path))
    fairness = msgspec.structs.replace(recipe.fairness, leave_out=True)
    made = train(msgspec.structs.replace(recipe, fairness=fairness), tmp_path)
    assert made.card.refused is None
    assert made.card.languages == ()
    assert "knitters" in made.card.left_out["rude in en"]


def test_the_command_writes_model_and_card(tmp_path: Path) -> None:
    _posts(tmp_path)
    out = tmp_path / "out"
    ran = CliRunner().invoke(
        build(),
        [
            "train",
            "text",
            str(_recipe(tmp_path)),
            "--data",
            str(tmp_path),
            "--out",
            str(out),
            "--name",
            "mine",
        ],
    )
    assert ran.exit_code == 0, ran.output
    card = json.loads((out / "mine.card.json").read_text())
    page = (out / "mine.card.md").read_text()
    assert card["sha256"] in page
    for said in ("posts", "CC0-1.0", "It is a toy.", "nobody labelled it", "rude in fr"):
        assert said in page


def test_the_recipe_of_the_how_to_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "train-a-text-model.md").read_text()
    (tmp_path / "recipe.yml").write_text(page.partition("```yaml\n")[2].partition("```")[0])
    assert read_recipe(tmp_path / "recipe.yml").name == "rude-1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stage": "quantum"}, "there is no stage 'quantum'"),
        ({"buckets": 5000}, "no power of two"),
        ({"colour": "blue"}, "colour"),
        ({"name": "Not A Name"}, "name"),
        (
            {"sources": {"posts": {**RECIPE["sources"]["posts"], "assume": ["hats"]}}},
            "labels 'hats', which is no head",
        ),
        ({"sources": {"posts": {**RECIPE["sources"]["posts"], "path": "no.csv"}}}, "cannot be read"),
        ({"sources": {"posts": {**RECIPE["sources"]["posts"], "text": "words"}}}, "has no column 'words'"),
        ({"sources": {"posts": {**RECIPE["sources"]["posts"], "part": "some"}}}, "is for 'some'"),
    ],
)
def test_a_recipe_that_does_not_hold_together_says_where(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    _posts(tmp_path)
    with pytest.raises(UsageError, match=said) as caught:
        train(read_recipe(_recipe(tmp_path, **change)), tmp_path)
    assert caught.value.hint


def test_sources_are_read_from_archives_and_tables_without_a_header(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "posts.zip", "w") as archive:
        archive.writestr("in/posts.csv", "text,labels\nhello @me,calm_kind\noh dear,rude\nnothing,other\n")
    (tmp_path / "table").write_text('spam\tbuy "now\nham\thello\n')
    common = {"language": "en", "licence": "MIT", "credit": "this test"}
    label = {"column": "labels", "separator": "_", "yes": ["rude"], "no": ["calm"]}
    recipe = read_recipe(
        _recipe(
            tmp_path,
            sources={
                "zip": {"path": "posts.zip", "member": "in/posts.csv", "replace": {"@me": "you"},
                        "labels": {"rude": label}, **common},
                "table": {"path": "table", "columns": ["label", "text"], "assume": ["rude"], "part": "train",
                          "labels": {}, **common},
            },
        )
    )  # fmt: skip
    rows = read_rows(recipe, tmp_path).rows
    assert [(row.text, row.labels) for row in rows] == [
        ("hello you", {"rude": False}), ("oh dear", {"rude": True}), ('buy "now', {"rude": False}),
        ("hello", {"rude": False}),
    ]  # fmt: skip
    assert {row.part for row in rows if row.source == "table"} == {"train"}


def test_a_text_that_is_tested_anywhere_is_trained_on_nowhere(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(
            "text,label\nThe same text,1\nthe  same TEXT,1\n" + f"only {name},0\n"
        )
    source = {
        "language": "en",
        "licence": "MIT",
        "credit": "-",
        "labels": RECIPE["sources"]["posts"]["labels"],
    }
    recipe = read_recipe(
        _recipe(
            tmp_path,
            sources={
                "a": {"path": "a.csv", "part": "train", **source},
                "b": {"path": "b.csv", "part": "test", **source},
            },
        )
    )  # fmt: skip
    rows = read_rows(recipe, tmp_path).rows
    assert [(row.source, row.plain) for row in rows] == [
        ("a", "only a"), ("b", "the same text"), ("b", "only b")
    ]  # fmt: skip


def test_quality_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    rng = np.random.default_rng(0)
    truth = rng.random(500) < 0.3
    scores = np.round(rng.normal(size=500) + truth, 1)  # with ties
    assert average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))
    assert area(truth, scores) == pytest.approx(roc_auc_score(truth, scores))
    found = quality(truth, scores, rng=rng)
    assert found is not None
    assert found.auprc.low < found.auprc.value < found.auprc.high
    assert quality(np.ones(5, bool), np.ones(5), rng=rng) is None


def test_recall_at_an_operating_point() -> None:
    truth = np.array([True, True, False, True, False])
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.1])
    assert recall_at_precision(truth, scores, 0.9) == pytest.approx(2 / 3)
    assert recall_at_rate(truth, scores, 0.01) == pytest.approx(2 / 3)
    assert recall_at_rate(truth, scores, 0.5) == 1.0


def test_calibration_is_right_for_its_prevalence() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(20_000) < 0.5
    logits = rng.normal(size=20_000) * 2 + np.where(truth, 2.0, -2.0)
    a, b = platt(truth, logits, prevalence=0.05)
    chance = 1 / (1 + np.exp(-(a * logits + b)))
    weights = np.where(truth, 0.05, 0.95)
    assert float((weights * chance).sum() / weights.sum()) == pytest.approx(0.05, abs=0.01)
    assert calibration_error(truth, chance, prevalence=0.05) < 0.01
    assert calibration_error(truth, np.full(20_000, 0.5), prevalence=0.05) > 0.3
    with pytest.raises(ValueError, match="both kinds"):
        platt(np.ones(3, bool), np.ones(3), prevalence=0.5)


def _group(flagged: int, n: int, others: int, of: int, least: int = 50) -> Any:
    some, rest = np.arange(n) < flagged, np.arange(of) < others
    return beside(some, rest, head="rude", language="en", group="knitters", kind="texts", least=least)


def test_the_gate_holds_known_groups_to_the_bound_and_small_ones_to_what_is_sure() -> None:
    assert refusal([_group(10, 100, 50, 1_000)], 0.1) is None
    assert "+15.0 points" in str(refusal([_group(20, 100, 50, 1_000)], 0.1))
    assert refusal([_group(2, 9, 50, 1_000)], 0.1) is None  # nobody can tell
    assert "9 clean texts" in str(refusal([_group(9, 9, 50, 1_000)], 0.1))
    assert refusal([], 0.1) is None


def test_newcombe_holds_the_gap() -> None:
    low, high = newcombe(wilson(5, 50), wilson(50, 1_000))
    assert low < 0.05 < high


def test_terms_are_whole_words_where_words_are_told_apart() -> None:
    names = naming(["Men", "女人"])
    assert names.search("two men.")
    assert not names.search("a menu")
    assert names.search("那个女人来了")


def test_evened_weights_make_naming_a_group_say_nothing(tmp_path: Path) -> None:
    _posts(tmp_path, unfair=True)
    recipe = read_recipe(_recipe(tmp_path))
    rows = read_rows(recipe, tmp_path).rows
    truth = np.array([row.labels["rude"] for row in rows])
    factors = evened(rows, truth, np.ones(len(rows)), fairness=recipe.fairness)
    named = np.array(["knitter" in row.plain for row in rows])
    was = (named & truth).sum() / named.sum()
    share = (factors * (named & truth)).sum() / (factors * named).sum()
    assert share < was / 3
    assert factors[~named].max() == 1.0
