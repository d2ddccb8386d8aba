"""A model of one's own that gives pictures a value: which file, how it wants them, what its output means."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from seawall.signals.image.prepare import Answer, Preparation
from seawall.signals.options import choice_of, refusal, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.policy.model import SignalSpec
    from seawall.signals.image.model_onnx import OnnxModel
    from seawall.signals.media.ports import FrameModel
    from seawall.signals.media.viewer import Viewer

OPTIONS = {
    **dict.fromkeys(("model", "sha256", "width", "height"), True),
    **dict.fromkeys(
        ("layout", "channels", "crop", "scale", "mean", "std", "output", "class", "class_axis", "activation"),
        False,
    ),
}
"""Names of its options, and whether each must be given."""

_HEX = frozenset("0123456789abcdef")
_LARGEST = 2_048


def loader(spec: SignalSpec, viewer: Viewer | None) -> Callable[[], FrameModel | None]:
    """What loads the model of a signal when it is first needed.

    Raises:
        ProjectError: an option is wrong.
    """
    name, digest = text_of(spec, "model"), text_of(spec, "sha256").lower()
    if len(digest) != 64 or not _HEX.issuperset(digest):
        raise refusal(spec, "unknown-option", f"sha256 is {digest!r}", "64 hexadecimal digits of the file")
    width, height = _size(spec, "width"), _size(spec, "height")
    first = _choice(spec, "layout", ("nchw", "nhwc")) == "nchw"
    bgr = _choice(spec, "channels", ("rgb", "bgr")) == "bgr"
    crop, scale = _number(spec, "crop", 1.0, least=1.0), _number(spec, "scale", 255.0, least=1e-6)
    mean, deviation = _three(spec, "mean", 0.0), _three(spec, "std", 1.0)
    if not all(deviation):
        raise refusal(spec, "unknown-option", "std holds a 0", "what each channel is divided by")
    output = str(spec.options.get("output", ""))
    index, axis = int(_number(spec, "class", 0)), int(_number(spec, "class_axis", -1))
    activation = _choice(spec, "activation", ("none", "sigmoid", "softmax"))

    def load() -> FrameModel | None:
        path = viewer.model_file(name, digest) if viewer and find_spec("onnxruntime") else None
        if viewer is None or path is None:
            return None
        how = Preparation(width, height, crop, first, bgr, scale, mean, deviation)
        answer = Answer(output, index, activation, axis)
        made: type[OnnxModel] = import_module("seawall.signals.image.model_onnx").OnnxModel
        return viewer.once(("onnx", digest, how, answer), lambda: made(path, how, answer))

    return load


def _choice(spec: SignalSpec, option: str, choices: tuple[str, ...]) -> str:
    return choice_of(spec, option, choices) if option in spec.options else choices[0]


def _size(spec: SignalSpec, option: str) -> int:
    value = spec.options.get(option)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST:
        raise refusal(spec, "unknown-option", f"{option} is {value!r}", f"pixels, from 1 to {_LARGEST}")
    return value


def _number(spec: SignalSpec, option: str, default: float, *, least: float = float("-inf")) -> float:
    value = spec.options.get(option, default)
    if isinstance(value, bool | str) or value < least:
        raise refusal(spec, "unknown-option", f"{option} is {value!r}", "a number")
    return value


def _three(spec: SignalSpec, option: str, default: float) -> tuple[float, float, float]:
    """One number for all channels, or three with commas between them."""
    written = str(spec.options.get(option, default)).split(",")
    try:
        numbers = [float(each) for each in written]
    except ValueError:
        numbers = []
    if len(numbers) == 1:
        numbers *= 3
    if len(numbers) != 3:
        hint = "one number, or three: 0.485, 0.456, 0.406"
        raise refusal(spec, "unknown-option", f"{option} is {spec.options.get(option)!r}", hint)
    return numbers[0], numbers[1], numbers[2]
