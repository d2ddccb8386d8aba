"""A signal that finds known videos in a file: whether, how much of it, which, and where."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.decision import Reading
from seawall.core.types import Kind, Media
from seawall.signals.bank.signal import banks_of_spec
from seawall.signals.clips.fingerprint import fingerprint
from seawall.signals.clips.known import KnownVideos
from seawall.signals.clips.match import match
from seawall.signals.media.frame_signal import NOT_CONFIGURED, looked_at
from seawall.signals.media.marks import Mark, evidence, file_lines
from seawall.signals.options import choice_of, refusal
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.types import Value
    from seawall.policy.model import HashBank, Project, SignalSpec
    from seawall.signals.bank import Banks
    from seawall.signals.clips.match import Match
    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Seen
    from seawall.signals.media.viewer import Viewer
    from seawall.signals.ports import Input

RATE = 4.0
"""Frames a second of a file that are looked for; see decision 0027."""

OUTPUTS: Mapping[str, Kind] = MappingProxyType(
    {
        "matched": Kind.BOOLEAN,
        "share": Kind.NUMBER,
        "seconds": Kind.NUMBER,
        "count": Kind.INTEGER,
        "bank": Kind.STRING,
        "clause": Kind.STRING,
        "label": Kind.STRING,
        "source": Kind.STRING,
    }
)
"""What the option `output` may be, and the type of the signal then."""

_MOST_NAMED = 16


class Found(NamedTuple):
    """What is known of one file, over all banks: the longest stretch first."""

    matches: tuple[Match, ...]
    share: float
    seconds: float


class KnownVideo:
    """Looks for the videos of one bank or several in each file."""

    def __init__(
        self,
        desk: Desk | None,
        banks: Banks | None,
        declared: Sequence[HashBank],
        *,
        output: str,
        now: Callable[[], int],
    ) -> None:
        """Make the signal.

        Args:
            desk: looks at files; it is told to keep small frames too.
            banks: of a data folder.
            declared: those that are looked in.
            output: see `OUTPUTS`.
            now: microseconds since 1970, by which entries expire.
        """
        self._desk = desk
        self._banks = banks
        self._declared = declared
        self._output = output
        self._now = now
        if desk is not None:
            desk.compare(RATE)

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One reading per file; NULL `not_applicable` for a still or a sound.

        The evidence marks the stretches and names what matched: `bank:NAME=DIGEST`, with the seconds.
        """
        return [self._one(each.value) for each in inputs]

    def _one(self, media: object) -> Reading:
        if self._desk is None or self._banks is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media, pictures=False)
        if isinstance(seen, Reading):
            return seen
        frames = frames_of(seen)
        if frames is None:
            return Reading(null="not_applicable", evidence=tuple(file_lines(seen)))
        held = [(each, self._banks.bank(each.name)) for each in self._declared]
        there = [(each, bank) for each, bank in held if bank is not None and bank.kind.name == each.hash]
        versions = tuple((each.name, bank.current.version) for each, bank in there)
        now = self._now()

        def look(_: Seen) -> Found:
            clip = fingerprint(*frames)
            found = [
                one
                for each, bank in there
                for one in match(clip, KnownVideos(each.name, bank, matches=each.matches, now=now))
            ]
            found.sort(key=lambda one: (-one.seconds, one.distance))
            return Found(tuple(found), *_covered(found, clip.seconds))

        return self._reading(seen, self._desk.result(seen, ("known_video", versions), look))

    def _reading(self, seen: Seen, found: Found) -> Reading:
        file = tuple(file_lines(seen))
        if not found.matches:
            nothing: dict[str, Value] = {"matched": False, "count": 0, "share": 0.0, "seconds": 0.0}
            if self._output in nothing:
                return Reading(nothing[self._output], evidence=file)
            return Reading(null="absent", evidence=file)
        best = found.matches[0]
        entry = best.reference.entry
        clauses = {each.name: each.clause for each in self._declared}
        value: Value = {
            "matched": True,
            "share": found.share,
            "seconds": found.seconds,
            "count": len({(one.reference.bank, one.reference.name) for one in found.matches}),
            "bank": best.reference.bank,
            "clause": entry.clause or clauses[best.reference.bank],
            "label": entry.ref,
            "source": entry.source,
        }[self._output]
        marks = [Mark(one.begin, one.end, one.share) for one in found.matches]
        named = tuple(dict.fromkeys(map(_named, found.matches)))[:_MOST_NAMED]
        told = (*evidence(seen, marks), *named)
        return Reading(value, evidence=told) if value != "" else Reading(null="absent", evidence=told)


def frames_of(seen: Seen) -> tuple[NDArray[np.uint8], NDArray[np.float64]] | None:
    """The frames that are compared; of an animation those that were kept. None of a still or a sound."""
    if seen.small is not None:
        return seen.small.frames, seen.small.times
    if seen.kind != "video" or len(seen.frames) < 2 or len({one.pixels.shape for one in seen.frames}) > 1:
        return None
    grey = np.stack([one.pixels.mean(axis=2).astype(np.uint8) for one in seen.frames])
    return grey, np.array([one.at_s for one in seen.frames])


def _covered(found: Sequence[Match], whole: float) -> tuple[float, float]:
    """The share and the seconds of a file that show something known, each second once."""
    seconds, upto = 0.0, 0.0
    for one in sorted(found, key=lambda one: one.begin):
        if one.end > upto:
            fresh = (one.end - max(one.begin, upto)) / (one.end - one.begin)
            seconds += fresh * one.seconds
            upto = one.end
    return (min(1.0, seconds / whole) if whole else 0.0), seconds


def _named(one: Match) -> str:
    """What was found, as evidence that may end a shield: see `seawall.decide.evidence`."""
    digest = hashlib.sha256(one.reference.name.encode()).hexdigest()[:16]
    how = f", {one.speed:.2f} times as fast" if abs(one.speed - 1) > 0.02 else ""
    how += ", mirrored" if one.mirrored else ""
    there = f"{one.there_begin:.2f} to {one.there_end:.2f} s of it"
    return f"bank:{one.reference.bank}={digest} shows {there}{how}, at {one.distance:.0f} bits"


def known_video_kind(viewer: Viewer | None, banks: Banks | None, *, now: Callable[[], int]) -> SignalKind:
    """The kind `known_video`, over the banks of a data folder.

    Args:
        viewer: what the process can look at; None: nothing.
        banks: where entries are; None where there is no data folder.
        now: microseconds since 1970.
    """

    def build(spec: SignalSpec, project: Project) -> KnownVideo:
        declared = _declared(spec, project)
        if project.media is None:
            hint = "add media: {folders: {uploads: media}} to seawall.yml, or name hosts"
            raise refusal(spec, "no-media", "the project does not say where media may be read from", hint)
        output = choice_of(spec, "output", tuple(OUTPUTS)) if "output" in spec.options else "share"
        if spec.type.kind is not OUTPUTS[output]:
            said = f"output {output} is {OUTPUTS[output]}, not {spec.type.kind}"
            raise refusal(spec, "type-mismatch", said, f"say type: {OUTPUTS[output]}")
        desk = viewer.desk(project.media) if viewer else None
        return KnownVideo(desk, banks, declared, output=output, now=now)

    options = {"bank": True, "output": False}
    return SignalKind("known_video", frozenset({Kind.MEDIA}), None, options, build)


def _declared(spec: SignalSpec, project: Project) -> list[HashBank]:
    found = banks_of_spec(spec, project)
    for bank in found:
        if bank.hash != "vpdq":
            said = f"{bank.name!r} holds {bank.hash} hashes, not those of videos"
            raise refusal(spec, "type-mismatch", said, "name a bank of hash: vpdq")
    return found
