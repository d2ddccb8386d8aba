"""What a number is here: a value with its interval, how many stand behind it, its method and its rows."""

from __future__ import annotations

import msgspec

CONFIDENCE = 0.95
LEAST_LABELS = 30  # below it a value would be read as more than it is


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """What an estimator concludes from a sample: a point, its limits, and the method by name.

    `size` is how many independent draws would say as much: the sample size for an even sample, less for an
    uneven one.
    """

    value: float
    low: float
    high: float
    size: float
    method: str

    @property
    def half_width(self) -> float:
        """Half the distance between the limits."""
        return (self.high - self.low) / 2

    def scaled(self, factor: float) -> Interval:
        """The interval of the same quantity in another unit.

        >>> Interval(value=0.1, low=0.0, high=0.2, size=9, method="m").scaled(10).high
        2.0
        """
        return msgspec.structs.replace(
            self, value=self.value * factor, low=self.low * factor, high=self.high * factor
        )

    def complement(self) -> Interval:
        """The interval of one minus the quantity.

        >>> Interval(value=0.75, low=0.5, high=1.0, size=9, method="m").complement().low
        0.0
        """
        return msgspec.structs.replace(self, value=1 - self.value, low=1 - self.high, high=1 - self.low)


class Draw(msgspec.Struct, frozen=True):
    """One item of a probability sample.

    Attributes:
        value: what was found: 1 or 0 for a truth, or any measure.
        probability: of being drawn, above 0: of inclusion, or per draw where the estimator says so.
        weight: how much the item counts beside others: its views, or 1.
    """

    value: float
    probability: float
    weight: float = 1.0


class Rows(msgspec.Struct, frozen=True):
    """The rows behind a number: a named query of `measure/queries`, and what to bind in it."""

    query: str
    parameters: dict[str, str | int | float | None] = {}


class Window(msgspec.Struct, frozen=True):
    """From `since`, inclusive, until `until`, exclusive; microseconds since 1970."""

    since: int
    until: int


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What an estimate is an estimate of.

    Attributes:
        name: of the metric, as docs/reference/metrics.md has it.
        population: whom or what it speaks about, in words.
        since: start of the window, microseconds since 1970, inclusive; None without a window.
        until: its end, exclusive.
        policy_version: the project version whose truth it is; None where versions are mixed or do not matter.
        rows: how to list what it was computed from.
    """

    name: str
    population: str
    since: int | None = None
    until: int | None = None
    policy_version: str | None = None
    rows: Rows | None = None


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A number that may be shown: never without its interval, or else the honest "too few labels".

    Attributes:
        name: see `About`, as are population, since, until, policy_version and rows.
        value: the point, None when there are too few labels.
        low: lower limit at `confidence`, None with the value.
        high: upper limit.
        n: labels, items or people it was computed from.
        method: the estimator and its interval.
        missing: more labels needed before it has a value, or before it is as narrow as it was asked to be.
        half_width: how narrow it was asked to be, None if nobody asked.
        basis: whose truth or which assumption it stands on (`labels`, `promise` ...), "" where it is a plain
            count.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    population: str
    missing: int = 0
    half_width: float | None = None
    basis: str = ""
    confidence: float = CONFIDENCE
    since: int | None = None
    until: int | None = None
    policy_version: str | None = None
    rows: Rows | None = None

    @property
    def known(self) -> bool:
        """Whether there is a value to show."""
        return self.value is not None

    @property
    def sentence(self) -> str:
        """The estimate as one would say it.

        >>> known(Interval(value=0.9, low=0.8, high=0.95, size=60, method="Wilson"),
        ...       About(name="precision", population="all"), n=60).sentence
        '0.9 (0.8 to 0.95), n = 60, Wilson'
        >>> too_few(About(name="precision", population="all"), have=12, needed=30).sentence
        'too few labels: have 12 of 30 needed'
        """
        if self.value is None or self.low is None or self.high is None:
            return f"too few labels: have {self.n} of {self.n + self.missing} needed"
        return f"{self.value:.4g} ({self.low:.4g} to {self.high:.4g}), n = {self.n:,}, {self.method}"


def known(
    interval: Interval,
    about: About,
    *,
    n: int,
    basis: str = "",
    half_width: float | None = None,
    missing: int = 0,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """An estimate that has a value."""
    return Estimate(
        name=about.name,
        value=interval.value,
        low=interval.low,
        high=interval.high,
        n=n,
        method=interval.method,
        population=about.population,
        missing=missing,
        half_width=half_width,
        basis=basis,
        confidence=confidence,
        since=about.since,
        until=about.until,
        policy_version=about.policy_version,
        rows=about.rows,
    )


def too_few(
    about: About,
    *,
    have: int,
    needed: int,
    half_width: float | None = None,
    method: str = "",
    basis: str = "labels",
) -> Estimate:
    """An estimate that has no value yet, and says how many labels are missing."""
    return Estimate(
        name=about.name,
        value=None,
        low=None,
        high=None,
        n=have,
        method=method,
        population=about.population,
        missing=max(0, needed - have),
        half_width=half_width,
        basis=basis,
        since=about.since,
        until=about.until,
        policy_version=about.policy_version,
        rows=about.rows,
    )
