"""A model's file to a model that reads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from seawall.core.errors import UsageError
from seawall.signals.text.encoder import Encoded
from seawall.signals.text.encoder_package import encoder_of
from seawall.signals.text.linear import Linear
from seawall.signals.text.model import ModelInfo
from seawall.signals.text.scorer import TextModel
from seawall.signals.text.static import Static
from seawall.signals.text.tensors import pack, unpack
from seawall.signals.text.tokens_tokenizers import Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from seawall.signals.text.ports import Detect, Stage

_INFO = "seawall.text"


def written(info: ModelInfo, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of a model's file."""
    return pack(arrays, {_INFO: msgspec.json.encode(info, order="deterministic").decode()})


def open_model(path: Path, *, detect: Detect, digest: str | None = None) -> TextModel:
    """Read a model.

    Args:
        path: the file that training wrote.
        detect: tells the language of texts that come without one.
        digest: SHA-256 that the file must have; the first 12 or more of its digits are enough.

    Raises:
        UsageError: there is no such file, it is not the one named, it is no model, or what its stage needs is
            not installed; says which, and the mend.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the model {path} cannot be read: {error.strerror}", hint="seawall train text"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if digest is not None and not found.startswith(digest):
        raise UsageError(
            f"{path} is not the model that is named: its digest begins {found[:12]}, not {digest[:12]}",
            hint="put the right file there, or name this one after you have read its card",
        )
    arrays, metadata = unpack(data, name=str(path))
    try:
        info = msgspec.json.decode(metadata.get(_INFO, ""), type=ModelInfo)
        stage = _stage(info, arrays)
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise UsageError(
            f"{path} is no text model: {error}", hint="the file that `seawall train text` wrote"
        ) from error
    return TextModel(info, stage, digest=found, detect=detect)


def _stage(info: ModelInfo, arrays: Mapping[str, NDArray[Any]]) -> Stage:
    if info.stage == "linear":
        weights = arrays["weights"]
        if weights.dtype != np.int8 or weights.ndim != 2 or weights.shape[1] != len(info.heads):
            raise ValueError(
                f"weights of {weights.dtype} in shape {weights.shape} for {len(info.heads)} heads"
            )
        return Linear(weights, arrays["scales"], arrays["bias"])
    if info.stage == "static":
        tokens = Tokens(arrays["tokenizer"].tobytes())
        table, scales = arrays["table"], arrays["table_scales"]
        return Static(tokens, table, scales, weights=arrays["weights"], bias=arrays["bias"])
    if info.stage == "encoder":
        encoder, _ = encoder_of(str(info.settings["encoder"]), sha256=str(info.settings["encoder_sha256"]))
        return Encoded(encoder, weights=arrays["weights"], bias=arrays["bias"])
    raise ValueError(f"there is no stage {info.stage!r}")
