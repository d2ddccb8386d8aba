"""A tiny ONNX model as bytes, made by hand: the mean of each colour of a picture."""

from __future__ import annotations


def colour_means(side: int = 8) -> bytes:
    """A model whose input is (batch, 3, side, side) and whose output `means` is (batch, 3).

    >>> len(colour_means()) < 300
    True
    """
    axes = _text(1, "axes") + _number(8, 2) + _number(8, 3) + _number(20, 7)  # INTS
    keep = _text(1, "keepdims") + _number(3, 0) + _number(20, 2)  # INT
    node = _text(1, "pixels") + _text(2, "means") + _text(4, "ReduceMean") + _part(5, axes) + _part(5, keep)
    graph = (
        _part(1, node)
        + _text(2, "colours")
        + _part(11, _value("pixels", ("n", 3, side, side)))
        + _part(12, _value("means", ("n", 3)))
    )
    return _number(1, 8) + _part(7, graph) + _part(8, _text(1, "") + _number(2, 13))


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _text(field: int, text: str) -> bytes:
    return _part(field, text.encode())


def _value(name: str, shape: tuple[int | str, ...]) -> bytes:
    sizes = b"".join(
        _part(1, _number(1, each) if isinstance(each, int) else _text(2, each)) for each in shape
    )
    tensor = _number(1, 1) + _part(2, sizes)  # float
    return _text(1, name) + _part(2, _part(1, tensor))
