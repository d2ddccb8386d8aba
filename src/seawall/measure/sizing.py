"""How many labels an interval of a stated width needs."""

from __future__ import annotations

from seawall.measure.model import CONFIDENCE
from seawall.measure.proportion import wilson

DESIGN_SHARE = 0.5  # the share that needs the most labels: assume it while nothing is known
_MOST = 2**40


def labels_needed(half_width: float, *, share: float = DESIGN_SHARE, confidence: float = CONFIDENCE) -> int:
    """The fewest labels of a simple random sample whose Wilson interval is at most twice `half_width` wide.

    Args:
        half_width: above 0, in the share's own unit: 0.05 is five points.
        share: what the share is expected to be.
        confidence: of the interval.

    Raises:
        ValueError: no sample is wide enough.

    >>> labels_needed(0.05), labels_needed(0.05, share=0.97)
    (381, 61)
    >>> labels_needed(0.0002, share=0.001)  # prevalence of 0.1 %, to a fifth of itself
    96885
    """
    if half_width <= 0:
        raise ValueError("a half width is above 0")
    low, high = 0, 1
    while wilson(share * high, high, confidence=confidence).half_width > half_width:
        low, high = high, high * 2
        if high > _MOST:
            raise ValueError(f"no sample makes an interval of {half_width:g}")
    while high - low > 1:
        middle = (low + high) // 2
        if wilson(share * middle, middle, confidence=confidence).half_width > half_width:
            low = middle
        else:
            high = middle
    return high
