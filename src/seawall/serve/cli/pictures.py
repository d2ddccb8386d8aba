"""Hashes of a picture or video file, decoded in a process with limits."""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from seawall.core.errors import UsageError
from seawall.core.media import Fetched, Refusal
from seawall.ingest.media.sniff import sniff
from seawall.signals.clips import fingerprint
from seawall.signals.clips.fingerprint import MIDDLE
from seawall.signals.clips.known import TELLING as TELLING_FRAME
from seawall.signals.clips.signal import frames_of
from seawall.signals.image import PDQ_BYTES, pdq, pdq_turns
from seawall.signals.image.image_hash import TELLING
from seawall.signals.media import Decoder, Limits
from seawall.signals.media.decoder import installed
from seawall.signals.media.model import EVERY

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.signals.clips import Fingerprint
    from seawall.signals.media import Seen

_LONGEST_S = 3_600.0  # of a known video; its frames bound it before


def hashes_of_picture(path: Path, *, turns: bool) -> list[bytes]:
    """The PDQ hash of a picture, or of its eight turns.

    Raises:
        UsageError: it is no picture, or says too little to be known by.
    """
    seen = _seen(path, "image", "picture", "JPEG, PNG, GIF and WebP are")
    pixels = seen.frames[0].pixels[None]
    made = pdq_turns(pixels) if turns else pdq(pixels)
    if made.quality[0] < TELLING:
        said = (
            f"{path} has too little contrast to be known by ({made.quality[0]} of 100, {TELLING} are needed)"
        )
        raise UsageError(said, hint="a plain or nearly plain picture is like many others")
    return list(dict.fromkeys(each.tobytes() for each in made.hashes.reshape(-1, PDQ_BYTES)))


def fingerprint_of_video(path: Path, *, per_s: float = EVERY, middle: bool = False) -> Fingerprint:
    """What a video is known by.

    Args:
        path: of the file.
        per_s: frames a second that are taken; `EVERY`: all, for one that shall be known.
        middle: whether the middle of each frame is kept too.

    Raises:
        UsageError: it is no video, is too long, or says too little to be known by.
    """
    seen = _seen(path, "video", "video", "MP4, WebM and Matroska are", per_s=per_s)
    frames = frames_of(seen)
    if frames is None:
        raise UsageError(f"{path} has one picture, which is no video", hint="use --image with a bank of pdq")
    made = fingerprint(*frames, crops=(MIDDLE,) if middle else ())
    if not any((each.quality >= TELLING_FRAME).any() for each in made.framings):
        hint = "black or plain videos are like each other"
        raise UsageError(f"{path} shows too little to be known by", hint=hint)
    return made


def _seen(path: Path, kind: str, word: str, formats: str, *, per_s: float = 0.0) -> Seen:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    format_ = sniff(data)
    animated = format_ is not None and kind == "video" and format_.mime in {"image/gif", "image/webp"}
    if format_ is None or not (format_.kind == kind or animated):
        raise UsageError(f"{path} is no {word} that is read", hint=formats)
    if not installed():
        raise UsageError(f"{word}s are not read here", hint="install the extra: pip install 'seawall[media]'")
    limits = msgspec.structs.replace(Limits(), longest_s=_LONGEST_S)
    with closing(Decoder(limits, parallel=1)) as decoder:
        seen = decoder.look(Fetched(data, format_, hashlib.sha256(data).hexdigest()), small_per_s=per_s)
    if isinstance(seen, Refusal):
        raise UsageError(f"{path} cannot be read: {seen.reason}, {seen.detail}")
    if not seen.frames:
        raise UsageError(f"{path} shows nothing")
    return seen
