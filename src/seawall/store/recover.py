"""What stands in the last segment after a crash: the sound part, and whether what follows is a torn tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.errors import Corrupt
from seawall.store.frame import parse, search
from seawall.store.segments import HEADER, segment_path

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.store.ports import Handle


class Recovery(msgspec.Struct, frozen=True):
    """What opening a journal found and mended.

    Attributes:
        end: where the next record will start.
        cut: bytes of a torn tail that were cut, 0 after a clean stop.
        file: the segment they were cut from.
        confirmed: bytes of the last group that were written again, because nothing yet proved them durable.
    """

    end: int
    cut: int = 0
    file: str = ""
    confirmed: int = 0


def recover(handle: Handle, folder: Path, base: int) -> Recovery:
    """Cut the torn tail of a segment and make the rest durable beyond doubt.

    The last whole group is written again in place, with the same bytes: after a failed `fsync` the page
    cache shows records that the disk does not have, and a second `fsync` would claim success in vain.

    Raises:
        Corrupt: a record that was known durable fails its checksum.
        OSError: the disk refuses.
    """
    path = segment_path(folder, base)
    data = handle.read_at(handle.size(), HEADER.size)
    end, synced = base, base
    while frame := parse(data, end - base, end):
        end, synced = frame.end, max(synced, frame.synced)
    for later in search(data[end - base :], 0, end):
        if later.synced > end:
            raise Corrupt(
                f"the record at offset {end} of {path} fails its checksum, "
                f"and the record at offset {later.offset} was written after it was known durable",
                hint="restore the segment from a backup, or cut it yourself if those decisions may be lost",
            )
    cut = base + len(data) - end
    if cut:
        handle.truncate(HEADER.size + end - base)
    group = data[synced - base : end - base]
    if group:
        handle.write_at(group, HEADER.size + synced - base)
    if cut or group:
        handle.sync()
    return Recovery(end, cut, str(path) if cut else "", len(group))
