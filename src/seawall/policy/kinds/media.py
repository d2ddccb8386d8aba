"""`media:` of seawall.yml: where the platform's images and video may be read from, and how much of them."""

from __future__ import annotations

from typing import Annotated

from seawall.policy.kinds.names import NAME, text_or, values
from seawall.policy.model import MediaPlan
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, Duration, Entry, ListOf, MapOf, Number, Text

DAY_US = 86_400_000_000
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = Text(
    "a host name with an optional port",
    rf"(?=.{{4,253}}(:|$))({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])(:[1-9][0-9]{{0,4}})?",
    "a full name in lower case, without scheme, path or wildcard: cdn.my-platform.example",
)
_FOLDER = Text(
    "a folder inside the project", r"(?!/)(?!.*(^|/)\.\.(/|$)).+", "a path relative to seawall.yml"
)


class MediaFile(Lines, frozen=True, kw_only=True):
    """Where media comes from, as written."""

    folders: Annotated[
        tuple[Entry[At[str]], ...],
        Key(
            MapOf(NAME, _FOLDER, "a map from name to folder"),
            "`uploads: media` makes `file://uploads/a.mp4` the file `media/a.mp4`; an operator may point the"
            " name elsewhere.",
        ),
    ] = ()
    hosts: Annotated[
        tuple[At[str], ...],
        Key(
            ListOf(_HOST, "one host or a list of them", key=lambda item: item.value),
            "Whose `https:` addresses may be read; none unless named.",
        ),
    ] = ()
    evidence: Annotated[
        At[float] | None,
        Key(
            Duration("a duration of whole days", DAY_US),
            "How long an encrypted copy of what was acted on or sent to people is kept; default 30 days.",
        ),
    ] = None
    largest_mb: Annotated[
        At[float] | None,
        Key(Number("a number up to 4096", 0, 4096), "Of one file, in megabytes; default 200."),
    ] = None
    longest: Annotated[
        At[float] | None,
        Key(
            Duration("a length", 1_000_000, 14_400_000_000),
            "Of a video or a sound; a longer one is NULL, `too_long`; default 15 minutes.",
        ),
    ] = None
    look: Annotated[
        At[str] | None,
        Key(
            Choice("every_frame or keyframes", ("every_frame", "keyframes")),
            "Which frames of a video are decoded; `keyframes` costs a fraction, and is for what the platform"
            " encoded itself: between key frames others can hide anything. Default every_frame.",
        ),
    ] = None


MEDIA = Record(MediaFile, "where media comes from")


def build_media(file: MediaFile | None) -> MediaPlan | None:
    """The plan with its defaults; None where the project reads no media."""
    if file is None:
        return None
    usual = MediaPlan()
    return MediaPlan(
        folders={entry.key.value: entry.value.value for entry in file.folders},
        hosts=values(file.hosts),
        evidence_days=max(1, round(file.evidence.value / DAY_US)) if file.evidence else usual.evidence_days,
        largest=round(file.largest_mb.value * 1_000_000) if file.largest_mb else usual.largest,
        longest_s=file.longest.value / 1e6 if file.longest else usual.longest_s,
        look=text_or(file.look, usual.look),
    )
