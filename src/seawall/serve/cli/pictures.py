"""Hashes of a picture file, decoded in a process with limits."""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

from seawall.core.errors import UsageError
from seawall.core.media import Fetched, Refusal
from seawall.ingest.media.sniff import sniff
from seawall.signals.image import PDQ_BYTES, pdq, pdq_turns
from seawall.signals.image.image_hash import TELLING
from seawall.signals.media import Decoder
from seawall.signals.media.decoder import installed

if TYPE_CHECKING:
    from pathlib import Path


def hashes_of_picture(path: Path, *, turns: bool) -> list[bytes]:
    """The PDQ hash of a picture, or of its eight turns.

    Raises:
        UsageError: it is no picture, or says too little to be known by.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    format_ = sniff(data)
    if format_ is None or format_.kind != "image":
        raise UsageError(f"{path} is no picture that is read", hint="JPEG, PNG, GIF and WebP are")
    if not installed():
        raise UsageError("pictures are not read here", hint="install the extra: pip install 'seawall[media]'")
    with closing(Decoder(parallel=1)) as decoder:
        seen = decoder.look(Fetched(data, format_, hashlib.sha256(data).hexdigest()))
    if isinstance(seen, Refusal):
        raise UsageError(f"{path} cannot be read: {seen.reason}, {seen.detail}")
    if not seen.frames:
        raise UsageError(f"{path} shows nothing")
    pixels = seen.frames[0].pixels[None]
    made = pdq_turns(pixels) if turns else pdq(pixels)
    if made.quality[0] < TELLING:
        said = (
            f"{path} has too little contrast to be known by ({made.quality[0]} of 100, {TELLING} are needed)"
        )
        raise UsageError(said, hint="a plain or nearly plain picture is like many others")
    return list(dict.fromkeys(each.tobytes() for each in made.hashes.reshape(-1, PDQ_BYTES)))
