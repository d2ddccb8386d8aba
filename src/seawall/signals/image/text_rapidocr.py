"""Words in pictures, read by RapidOCR, whose package carries its models (PaddleOCR, Apache 2.0)."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING, Any

from rapidocr import RapidOCR

from seawall.signals.media.marks import Box
from seawall.signals.media.ports import Line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIDE = 736  # a larger picture costs more than it tells
_LEAST = 0.5


class RapidOcrReader:
    """Reads one picture at a time: its engine keeps state while it reads."""

    def __init__(self) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,  # text that stands on its head is rare, and costs a third more
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._lock = Lock()

    def read(self, picture: NDArray[np.uint8]) -> list[Line]:
        """The lines of a picture that the reader is at least half sure of."""
        height, width = picture.shape[:2]
        with self._lock:
            found: Any = self._engine(picture[:, :, ::-1])
        if found.boxes is None or found.txts is None:
            return []
        lines = [
            Line(str(text), float(score), _box(corners, width, height))
            for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True)
            if score >= _LEAST and str(text).strip()
        ]
        return sorted(lines, key=lambda line: (round(line.box.top, 2), line.box.left))


def _box(corners: NDArray[np.float32], width: int, height: int) -> Box:
    left, top = corners.min(0)
    right, bottom = corners.max(0)
    return Box(
        float(left) / width, float(top) / height, float(right - left) / width, float(bottom - top) / height
    )
