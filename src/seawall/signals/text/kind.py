"""The kind `text_model`: one head of a text model as a signal."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from seawall.core.decision import Reading
from seawall.core.errors import UsageError
from seawall.core.types import Kind
from seawall.policy.near import did_you_mean
from seawall.signals.options import refusal, text_of
from seawall.signals.ports import SignalKind
from seawall.signals.text.open import open_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input
    from seawall.signals.text.model import Scores
    from seawall.signals.text.ports import Detect
    from seawall.signals.text.scorer import TextModel

SHIPPED = {"text-1": "e18fad84bab359955c21ab6eb4d980b1bdd9a7f6c7be77d3f489f327205d1d85"}
"""Models that come with Seawall, by name, and the SHA-256 of each; a name never gets another digest."""

_LEAST_DIGEST = 12


class _Shared:
    """One model for all signals that read a head of it: what one of them asked, the next is told."""

    def __init__(self, model: TextModel) -> None:
        self.model = model
        self._last: tuple[tuple[tuple[str, str | None], ...], Scores] | None = None

    def scores(self, inputs: Sequence[Input]) -> Scores:
        asked = tuple((str(each.value), each.language) for each in inputs)
        last = self._last
        if last is not None and last[0] == asked:
            return last[1]
        found = self.model.scores([text for text, _ in asked], [language for _, language in asked])
        self._last = asked, found
        return found


class TextModelSignal:
    """One head as a signal: the probability that a text is what the head tells."""

    def __init__(self, shared: _Shared, head: str) -> None:
        self._shared = shared
        self._column = shared.model.heads.index(head)

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One reading per input; NULL outside the head's languages, and for a text with nothing to read."""
        found = self._shared.scores(inputs)
        return [
            Reading(null=found.nulls[row, self._column]) if np.isnan(value) else Reading(value)
            for row, value in enumerate(found.values[:, self._column].tolist())
        ]


class _Shelf:
    """The models in use, by digest, each in memory once."""

    def __init__(self, detect: Detect) -> None:
        self._detect = detect
        self._models: WeakValueDictionary[tuple[str, str], _Shared] = WeakValueDictionary()
        self._lock = Lock()

    def get(self, path: Path, digest: str) -> _Shared:
        with self._lock:
            key = (str(path), digest)
            found = self._models.get(key)
            if found is None:
                found = _Shared(open_model(path, detect=self._detect, digest=digest))
                self._models[key] = found
            return found


def shipped_path(name: str) -> Path:
    """Where the file of a model that comes with Seawall lies."""
    return Path(str(files("seawall.signals.text") / "shipped" / f"{name}.safetensors"))


def text_model_kind(detect: Detect) -> SignalKind:
    """The kind `text_model`.

    Args:
        detect: tells the language of events that come without one.
    """
    shelf = _Shelf(detect)

    def build(spec: SignalSpec, project: Project) -> TextModelSignal:
        path, digest = _where(spec, project)
        try:
            shared = shelf.get(path, digest)
        except UsageError as error:
            raise refusal(spec, "unknown-option", error.message, error.hint) from error
        head = text_of(spec, "head")
        if head not in shared.model.heads:
            hint = did_you_mean(head, shared.model.heads, what="its heads")
            raise refusal(spec, "unknown-option", f"{shared.model.info.name} has no head {head!r}", hint)
        known = shared.model.info.heads[shared.model.heads.index(head)].languages
        beyond = [language for language in spec.languages if language not in known]
        if beyond:
            said = f"{head} of {shared.model.info.name} is not calibrated in {', '.join(beyond)}"
            raise refusal(spec, "unknown-option", said, f"its languages are {', '.join(known)}")
        return TextModelSignal(shared, head)

    options = {"head": True, "model": False, "digest": False}
    return SignalKind("text_model", frozenset({Kind.STRING}), Kind.NUMBER, options, build)


def _where(spec: SignalSpec, project: Project) -> tuple[Path, str]:
    name = str(spec.options.get("model", next(reversed(SHIPPED))))
    digest = str(spec.options.get("digest", SHIPPED.get(name, ""))).lower()
    if name in SHIPPED:
        return shipped_path(name), digest
    if "/" not in name and "." not in name:
        hint = did_you_mean(name, SHIPPED, what="those that come with Seawall")
        raise refusal(
            spec, "unknown-option", f"there is no model {name!r}", f"{hint}; or a path in the project"
        )
    if len(digest) < _LEAST_DIGEST or not set(digest) <= set("0123456789abcdef"):
        raise refusal(
            spec,
            "missing-option",
            f"the model {name} is named without its digest",
            "add digest: with 12 or more digits of the sha256 on its card, so that the version names it",
        )
    return Path(project.root) / name, digest
