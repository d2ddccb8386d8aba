"""The dearer stages: the encoder's forward pass beside the textbook, the table beside a sum by hand."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seawall.core.errors import UsageError
from seawall.learn.text import stages
from seawall.learn.text.distil import distilled
from seawall.signals.text import Calibration, Head, ModelInfo, open_model
from seawall.signals.text import encoder_package as package
from seawall.signals.text.encoder import WINDOW, Encoded, Encoder
from seawall.signals.text.encoder_package import PACKAGE, encoder_of
from seawall.signals.text.open import written
from seawall.signals.text.static import Static
from seawall.signals.text.tokens_tokenizers import Tokens

tokenizers = pytest.importorskip("tokenizers", reason="the dearer stages need the extra `encoder`")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "small", "boat", "sails", "far", "home", "."]
WIDE, DEEP, PLACES = 24, 2, WINDOW + 2
EN = Calibration(a=1.0, b=0.0, thresholds={})


def _described() -> bytes:
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    made = tokenizers.Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    return made.to_str().encode()


def _arrays() -> dict[str, Any]:
    rng = np.random.default_rng(2)

    def some(*shape: int) -> Any:
        return rng.normal(scale=0.3, size=shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": some(len(WORDS), WIDE),
        "embeddings.position_embeddings.weight": some(PLACES, WIDE),
        "embeddings.token_type_embeddings.weight": some(2, WIDE),
        "embeddings.LayerNorm.weight": 1 + some(WIDE),
        "embeddings.LayerNorm.bias": some(WIDE),
    }
    for n in range(DEEP):
        layer = f"encoder.layer.{n}."
        for part, out, into in (
            ("attention.self.query", WIDE, WIDE), ("attention.self.key", WIDE, WIDE),
            ("attention.self.value", WIDE, WIDE), ("attention.output.dense", WIDE, WIDE),
            ("intermediate.dense", 2 * WIDE, WIDE), ("output.dense", WIDE, 2 * WIDE),
        ):  # fmt: skip
            made[f"{layer}{part}.weight"], made[f"{layer}{part}.bias"] = some(out, into), some(out)
        for part in ("attention.output", "output"):
            made[f"{layer}{part}.LayerNorm.weight"] = 1 + some(WIDE)
            made[f"{layer}{part}.LayerNorm.bias"] = some(WIDE)
    return made


def _encoder() -> Encoder:
    return Encoder(Tokens(_described()), _arrays(), begin=2, end=3)


def _by_the_book(ids: list[int]) -> Any:
    """One text in double precision, head by head, as the papers write it."""
    arrays = {name: array.astype(np.float64) for name, array in _arrays().items()}

    def normed(values: Any, name: str) -> Any:
        made = (values - values.mean(1, keepdims=True)) / np.sqrt(values.var(1, keepdims=True) + 1e-12)
        return made * arrays[f"{name}.LayerNorm.weight"] + arrays[f"{name}.LayerNorm.bias"]

    def dense(values: Any, name: str) -> Any:
        return values @ arrays[f"{name}.weight"].T + arrays[f"{name}.bias"]

    held = arrays["embeddings.word_embeddings.weight"][ids]
    held = held + arrays["embeddings.position_embeddings.weight"][: len(ids)]
    held = normed(held + arrays["embeddings.token_type_embeddings.weight"][0], "embeddings")
    for n in range(DEEP):
        layer = f"encoder.layer.{n}."
        query, key, value = (
            dense(held, f"{layer}attention.self.{part}") for part in ("query", "key", "value")
        )
        size = WIDE // 12
        mixed = []
        for head in range(12):
            here = slice(head * size, (head + 1) * size)
            heed = np.exp(query[:, here] @ key[:, here].T / math.sqrt(size))
            mixed.append(heed / heed.sum(1, keepdims=True) @ value[:, here])
        mixed = dense(np.concatenate(mixed, 1), f"{layer}attention.output.dense")
        held = normed(mixed + held, f"{layer}attention.output")
        wide = dense(held, f"{layer}intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        held = normed(dense(wide, f"{layer}output.dense") + held, f"{layer}output")
    mean = held.mean(0)
    return mean / np.linalg.norm(mean)


def test_the_encoder_is_that_of_the_papers() -> None:
    texts = ["a small boat sails far", "home", "", "far far far . boat", "a boat"]
    found, first = _encoder().vectors(texts)
    for row, text in zip(first, texts, strict=True):
        ids = [2, *(WORDS.index(word) for word in text.split()), 3]
        assert found[row] == pytest.approx(_by_the_book(ids), abs=2e-6)


def test_a_long_text_scores_as_its_worst_window() -> None:
    encoder = _encoder()
    heads = Encoded(encoder, weights=np.ones((WIDE, 1)), bias=np.zeros(1))
    long = ["boat"] * WINDOW + ["home", "far"]
    parts = [" ".join(long[:WINDOW]), "home far"]
    assert heads.logits([" ".join(long)])[0, 0] == pytest.approx(heads.logits(parts).max(), abs=1e-5)
    assert heads.logits([]).shape == (0, 1)


def test_the_table_is_a_mean_of_vectors_and_a_batch_its_texts_one_by_one() -> None:
    tokens = Tokens(_described())
    rng = np.random.default_rng(0)
    table = rng.integers(-127, 127, (len(WORDS), 8)).astype(np.int8)
    scales = rng.random(len(WORDS)).astype(np.float32)
    stage = Static(tokens, table, scales, weights=rng.normal(size=(8, 2)), bias=np.array([0.5, -0.5]))
    texts = ["a small boat", "", "home", "far far ."] * 50
    together = stage.logits(texts)
    assert np.array_equal(together, np.concatenate([stage.logits([text]) for text in texts]))
    some = [WORDS.index(word) for word in ("a", "small", "boat")]
    by_hand = (table[some] * scales[some, None].astype(float)).sum(0)
    assert stage.vectors(texts)[0] == pytest.approx(by_hand / np.linalg.norm(by_hand), abs=1e-5)
    assert together[1].tolist() == [0.5, -0.5]
    with pytest.raises(ValueError, match="do not fit"):
        Static(tokens, table[1:], scales, weights=np.ones((8, 2)), bias=np.zeros(2))


def test_distilled_tokens_are_shorter_the_more_frequent_they_are() -> None:
    encoder, tokens = _encoder(), Tokens(_described())
    table, scales = distilled(encoder, tokens, ["boat " * 500 + "home"], dimensions=8)
    plain, plain_scales = distilled(encoder, tokens, ["home " * 500 + "boat"], dimensions=8)
    lengths = [np.linalg.norm(t * s[:, None], axis=1) for t, s in ((table, scales), (plain, plain_scales))]
    boat, home = WORDS.index("boat"), WORDS.index("home")
    assert lengths[0][boat] < lengths[1][boat] / 10
    assert lengths[0][home] > lengths[1][home] * 10


def test_a_static_model_is_whole_in_its_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "table": rng.integers(-127, 127, (len(WORDS), 8)).astype(np.int8),
        "table_scales": np.ones(len(WORDS), np.float32),
        "tokenizer": np.frombuffer(_described(), np.uint8),
        "weights": rng.normal(size=(8, 1)),
        "bias": np.zeros(1),
    }
    head = Head(name="x", describes="", prevalence=0.1, languages={"en": EN})
    info = ModelInfo(name="s", stage="static", licence="-", heads=(head,), settings={})
    path = tmp_path / "s.safetensors"
    path.write_bytes(written(info, arrays))
    model = open_model(path, detect=lambda texts: [None] * len(texts))
    assert 0 < model.scores(["a small boat", "\ud800"], ["en", "en"]).column("x")[0] < 1
    path.write_bytes(written(info, {**arrays, "tokenizer": np.frombuffer(b"{}", np.uint8)}))
    with pytest.raises(UsageError, match="no tokeniser"):
        open_model(path, detect=lambda texts: [None] * len(texts))


@pytest.mark.parametrize("stage", ["static", "encoder"])
def test_each_stage_is_trained_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    pytest.importorskip("sklearn", reason="training needs the extra `learn`")
    from seawall.learn.text import read_recipe, train

    encoder = _encoder()
    monkeypatch.setattr(stages, "encoder_of", lambda: (encoder, "0" * 64))
    monkeypatch.setattr(stages, "tokeniser_of", _described)
    rng = np.random.default_rng(1)
    lines = [
        f"{' '.join(rng.choice(WORDS[4:], 5))} {('boat', 'home')[n % 2]} {n},{n % 2}" for n in range(900)
    ]
    (tmp_path / "t.csv").write_text("text,label\n" + "\n".join(lines) + "\n")
    (tmp_path / "r.yml").write_text(
        json.dumps(
            {
                "name": "t", "describes": "-", "stage": stage, "dimensions": 8, "least_auc": 0.2,
                "heads": {"x": {"describes": "-", "languages": ["en"]}},
                "sources": {"t": {"path": "t.csv", "language": "en", "licence": "-", "credit": "-",
                                  "labels": {"x": {"column": "label", "yes": ["1"], "no": ["0"]}}}},
                "fairness": {"bound": 0.1},
            }
        )
    )  # fmt: skip
    made = train(read_recipe(tmp_path / "r.yml"), tmp_path)
    assert made.model == train(read_recipe(tmp_path / "r.yml"), tmp_path).model
    assert made.card.languages[0].quality.auc.value > 0.6
    assert "all-MiniLM-L6-v2" in made.card.built_from
    assert made.card.sha256 == hashlib.sha256(made.model).hexdigest()


def test_without_the_weights_the_mend_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="which is not installed") as caught:
        encoder_of("no-such-package-here")
    assert "locks/models.txt" in str(caught.value.hint)
    with pytest.raises(UsageError, match="carries no"):
        package._file("tokenizers", "model.safetensors")


def test_paraphrases_are_nearer_than_strangers() -> None:
    try:
        encoder, digest = encoder_of()
    except UsageError:
        pytest.skip(f"{PACKAGE} is not installed")
    texts = ["how do i bake bread?", "what is the way to make a loaf?", "the match ended two to nil.",
             "our team won the game", "you are a fool", "what an idiot you are"]  # fmt: skip
    found, _ = encoder.vectors(texts)
    near = found @ found.T
    for one, other in ((0, 1), (2, 3), (4, 5)):
        strangers = [near[one, place] for place in range(6) if place not in (one, other)]
        assert near[one, other] > max(strangers) + 0.1
    with pytest.raises(UsageError, match="carries other weights"):
        encoder_of(sha256="0" * 64)
    assert len(digest) == 64
