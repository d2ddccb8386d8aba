"""From pictures to what a model takes, and from what it gives to one value per picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


class Preparation(NamedTuple):
    """How a picture becomes a model's input.

    Attributes:
        width: of the input, in pixels.
        height: likewise.
        crop: 1.0: the picture is stretched to the input; above: stretched to so many times its size first,
            and the middle taken.
        channels_first: shape (batch, 3, height, width), otherwise (batch, height, width, 3).
        bgr: blue comes first.
        scale: what values of 0 to 255 are divided by.
        mean: taken from each channel after that, in the model's own order of channels.
        deviation: what each channel is divided by at last.
    """

    width: int
    height: int
    crop: float = 1.0
    channels_first: bool = True
    bgr: bool = False
    scale: float = 255.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    deviation: tuple[float, float, float] = (1.0, 1.0, 1.0)


class Answer(NamedTuple):
    """How a model's output becomes a value.

    Attributes:
        output: its name; empty for the first.
        place: of the value on the axis of classes.
        activation: none, sigmoid or softmax, over the axis of classes.
        axis: of classes; over all others but the batch the highest value counts, as for boxes of objects.
    """

    output: str = ""
    place: int = 0
    activation: str = "none"
    axis: int = -1


def prepared(picture: Pixels, how: Preparation) -> NDArray[np.float32]:
    """A picture as a model wants it, without the batch."""
    wide, high = round(how.width * how.crop), round(how.height * how.crop)
    resized = resize(picture, wide, high)
    left, top = (wide - how.width) // 2, (high - how.height) // 2
    middle = resized[top : top + how.height, left : left + how.width]
    if how.bgr:
        middle = middle[:, :, ::-1]
    scaled = (middle / np.float32(how.scale) - np.array(how.mean, np.float32)) / np.array(
        how.deviation, np.float32
    )
    ordered = scaled.transpose(2, 0, 1) if how.channels_first else scaled
    return np.ascontiguousarray(ordered, np.float32)


def resize(picture: Pixels, width: int, height: int) -> NDArray[np.float32]:
    """Bilinear, averaged first where it shrinks by a factor of two or more, so that nothing is skipped.

    >>> resize(np.full((9, 9, 3), 7, np.uint8), 4, 3).shape
    (3, 4, 3)
    """
    down, across = max(1, picture.shape[0] // height), max(1, picture.shape[1] // width)
    if down > 1 or across > 1:
        rows, columns = picture.shape[0] // down * down, picture.shape[1] // across * across
        blocks = picture[:rows, :columns].reshape(rows // down, down, columns // across, across, 3)
        source = blocks.mean((1, 3), dtype=np.float32)
    else:
        source = picture.astype(np.float32)
    above, below, by_row = _between(source.shape[0], height)
    before, behind, by_column = _between(source.shape[1], width)
    one, other = np.float32(1) - by_row, np.float32(1) - by_column
    rows_ = source[above] * one[:, None, None] + source[below] * by_row[:, None, None]
    whole = rows_[:, before] * other[None, :, None] + rows_[:, behind] * by_column[None, :, None]
    return np.asarray(whole, np.float32)


def _between(have: int, want: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    at = np.clip((np.arange(want) + 0.5) * have / want - 0.5, 0, have - 1)
    low = np.floor(at).astype(np.intp)
    return low, np.minimum(low + 1, have - 1), (at - low).astype(np.float32)


def values_of(output: NDArray[np.float32], how: Answer) -> list[float]:
    """One value per item of the batch.

    >>> values_of(np.array([[0.0, 2.0]], np.float32), Answer(place=1, activation="softmax"))
    [0.8807970779778823]
    """
    shaped = output.reshape(output.shape[0], -1) if output.ndim < 2 else output
    classes = np.moveaxis(shaped, how.axis, -1).astype(np.float64)
    if how.activation == "sigmoid":
        classes = 1 / (1 + np.exp(-classes))
    elif how.activation == "softmax":
        powers = np.exp(classes - classes.max(-1, keepdims=True))
        classes = powers / powers.sum(-1, keepdims=True)
    wanted = classes[..., how.place].reshape(classes.shape[0], -1)
    return [float(each) for each in wanted.max(1)]
