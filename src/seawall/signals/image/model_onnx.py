"""Models of pictures in ONNX, run by ONNX Runtime on one thread each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import onnxruntime

from seawall.signals.image.prepare import prepared, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seawall.signals.image.prepare import Answer, Preparation


class OnnxModel:
    """One value per picture."""

    def __init__(self, path: Path, preparation: Preparation, answer: Answer) -> None:
        runtime: Any = onnxruntime  # its stubs say nothing of these
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1  # what it costs does not depend on what else runs
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name
        names: list[str] = [each.name for each in self._session.get_outputs()]
        self._output = answer.output or names[0]
        if self._output not in names:
            raise ValueError(f"the model has no output {self._output!r}, but {', '.join(names)}")
        self._preparation = preparation
        self._answer = answer

    def score(self, pictures: Sequence[NDArray[np.uint8]]) -> list[float]:
        """One value per picture."""
        batch = np.stack([prepared(each, self._preparation) for each in pictures])
        (found,) = cast("list[NDArray[np.float32]]", self._session.run([self._output], {self._input: batch}))
        return values_of(found, self._answer)
