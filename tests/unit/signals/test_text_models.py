"""The kind `text_model`, the model that comes with Seawall, and its card."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from seawall.core.errors import ProjectError, UsageError
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.learn.text.recipe import read_recipe
from seawall.policy.model import SignalSpec
from seawall.signals import KINDS, Detectors
from seawall.signals.text import Calibration, Head, ModelInfo, TextModel, open_model
from seawall.signals.text.blind import Blind
from seawall.signals.text.kind import SHIPPED, shipped_path
from seawall.signals.text.linear import Linear
from seawall.signals.text.open import written
from seawall.signals.text.tensors import pack, unpack
from seawall.testing import projects

MOST_BYTES = 3_000_000
LICENCES = {"MIT", "Apache-2.0", "CC0-1.0", "CC-BY-4.0"}
PRIZE = "WINNER!! Claim your FREE prize, call now http://a.example"
EN = Calibration(a=1.0, b=0.0, thresholds={"0.01": 0.5})


def _nobody(texts: Any) -> list[str | None]:
    return [None] * len(texts)


def _small(path: Path, *, heads: tuple[str, ...] = ("spam",), name: str = "mine") -> str:
    """A model's file; and its digest."""
    info = ModelInfo(
        name=name,
        stage="linear",
        licence="Apache-2.0",
        heads=tuple(Head(name=head, describes="", prevalence=0.1, languages={"en": EN}) for head in heads),
        settings={},
    )
    rng = np.random.default_rng(1)
    arrays = {
        "weights": rng.integers(-9, 9, (1024, len(heads))).astype(np.int8),
        "scales": np.full(len(heads), 0.1),
        "bias": np.zeros(len(heads)),
    }
    data = written(info, arrays)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _spec(**options: str) -> SignalSpec:
    return projects.signal("text_spam", kind="text_model", options=options)


def _read(spec: SignalSpec, *texts: str, language: str | None = "en", root: str = "") -> list[Any]:
    project = projects.project(signals=[spec])
    if root:
        project = msgspec.structs.replace(project, root=root)
    detectors = Detectors(project, KINDS)
    events = [
        Event(id=f"e{n}", type="comment", ts=n, language=language, fields={"text": text})
        for n, text in enumerate(texts)
    ]
    return detectors.read(spec.name, events)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_its_digest_recipe_and_card_belong_together(name: str) -> None:
    path = shipped_path(name)
    data = path.read_bytes()
    card = json.loads(path.with_name(f"{name}.card.json").read_text())
    page = path.with_name(f"{name}.card.md").read_text()
    recipe = read_recipe(path.with_name(f"{name}.recipe.yml"))
    model = open_model(path, detect=_nobody)
    assert hashlib.sha256(data).hexdigest() == SHIPPED[name] == card["sha256"] == model.digest
    assert SHIPPED[name] in page
    assert len(data) == card["bytes"] <= MOST_BYTES
    assert card["recipe"] == recipe.digest
    assert model.info.name == recipe.name == name
    assert {source["licence"] for source in card["sources"].values()} <= LICENCES
    shipped = {(head.name, language) for head in model.info.heads for language in head.languages}
    assert shipped == {(each["head"], each["language"]) for each in card["languages"]}
    known = [group["gap"] for group in card["groups"] if group["known"]]
    assert known
    assert max(known) <= card["bound"] == recipe.fairness.bound


def test_the_shipped_model_tells_what_it_was_made_to_tell() -> None:
    plain, spam = _read(
        _spec(head="spam"), "thanks, see you at lunch", "WINNER!! Claim your FREE prize, call now http://a.b"
    )
    assert plain.value < 0.05 < 0.5 < spam.value
    assert spam.version == "1"


def test_outside_its_languages_a_head_is_null_and_says_why() -> None:
    (reading,) = _read(_spec(head="spam"), "achetez maintenant", language="fr")
    assert (reading.value, reading.null) == (None, "unsupported_language")


def test_without_a_language_the_text_tells_it() -> None:
    english, french = _read(
        _spec(head="spam"), "please read about our new garden", "bonjour à tous, merci pour votre aide",
        language=None,
    )  # fmt: skip
    assert english.null is None
    assert french.null == "unsupported_language"


def test_a_text_with_nothing_to_read_is_not_applicable() -> None:
    (reading,) = _read(_spec(head="spam"), "\u200b \n")
    assert (reading.value, reading.null) == (None, "not_applicable")


def test_two_heads_of_one_model_are_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = _small(tmp_path / "mine.safetensors", heads=("one", "two"))
    calls = []
    plainly = Linear.logits
    monkeypatch.setattr(
        Linear, "logits", lambda self, texts: calls.append(len(texts)) or plainly(self, texts)
    )
    options = {"model": "mine.safetensors", "digest": digest[:12]}
    specs = [
        projects.signal(head, kind="text_model", options={**options, "head": head}) for head in ("one", "two")
    ]
    project = msgspec.structs.replace(projects.project(signals=specs), root=str(tmp_path))
    detectors = Detectors(project, KINDS)
    events = [Event(id="e", type="comment", ts=1, language="en", fields={"text": "hello"})]
    values = [detectors.read(head, events)[0].value for head in ("one", "two")]
    assert len(set(values)) == 2
    assert calls == [1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"head": "hats"}, "text-1 has no head 'hats'"),
        ({"head": "spam", "model": "text-9"}, "there is no model 'text-9'"),
        ({"head": "spam", "model": "mine.safetensors"}, "is named without its digest"),
        ({"head": "spam", "model": "mine.safetensors", "digest": "0" * 12}, "is not the model that is named"),
        ({"head": "spam", "model": "no.safetensors", "digest": "0" * 12}, "cannot be read"),
        ({"head": "spam", "digest": "0" * 12}, "is not the model that is named"),
    ],
)
def test_wrong_options_are_refused_with_the_mend(tmp_path: Path, options: dict[str, str], said: str) -> None:
    _small(tmp_path / "mine.safetensors")
    with pytest.raises(ProjectError, match=said) as caught:
        _read(_spec(**options), "x", root=str(tmp_path))
    assert caught.value.hint


def test_languages_beyond_the_calibrated_ones_are_refused() -> None:
    spec = msgspec.structs.replace(_spec(head="spam"), languages=("en", "fr"))
    with pytest.raises(ProjectError, match="spam of text-1 is not calibrated in fr"):
        _read(spec, "x")


@pytest.mark.parametrize(
    "data",
    [b"", b"x" * 7, b"\xff" * 64, (2**40).to_bytes(8, "little") + b"{}",
     (2).to_bytes(8, "little") + b"{}", (4).to_bytes(8, "little") + b"null",
     (40).to_bytes(8, "little") + b'{"a":{"dtype":"I8","shape":[9]}}' + b" " * 9],
)  # fmt: skip
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"bad\.safetensors is no"):
        open_model(path, detect=_nobody)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    _small(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UsageError, match="does not fit"):
        open_model(path, detect=_nobody)


def test_arrays_come_back_as_they_went() -> None:
    arrays = {"a": np.arange(6, dtype=np.int8).reshape(2, 3), "b": np.array([0.5])}
    found, metadata = unpack(pack(arrays, {"k": "v"}), name="x")
    assert metadata == {"k": "v"}
    assert all(np.array_equal(found[name], array) for name, array in arrays.items())


def test_spans_say_where_to_look() -> None:
    model = open_model(shipped_path("text-1"), detect=_nobody)
    text = "Nice video. WINNER!! Claim your FREE prize now, call 09061701461! See you."
    found = model.spans(text, "en")
    assert next(text[span.start : span.end].strip() for span in found) == "Nice video."
    worst = max(found, key=lambda span: span.scores["spam"] or 0.0)
    assert "FREE prize" in text[worst.start : worst.end]
    assert "".join(text[span.start : span.end] for span in found) == text


def test_what_is_not_seen_changes_nothing() -> None:
    unseen = Blind(["women", "men"])
    assert unseen("two women sing") == unseen("two men sing") == "two sing"
    assert unseen("menu") == "menu"


def test_a_model_is_refused_languages_of_another_number() -> None:
    model = open_model(shipped_path("text-1"), detect=_nobody)
    assert isinstance(model, TextModel)
    with pytest.raises(ValueError, match="2 texts and 1 languages"):
        model.scores(["a", "b"], ["en"])


def test_the_kind_gives_numbers_of_texts() -> None:
    kind = KINDS["text_model"]
    assert (kind.gives, kind.inputs) == (Kind.NUMBER, frozenset({Kind.STRING}))
    assert FieldType(Kind.NUMBER).kind is kind.gives
