"""Videos as vPDQ writes them: a list of frames, or several by name: `{"clip 7": ["HASH,QUALITY,SECOND"]}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from seawall.signals.bank.change import Item, read_frame
from seawall.signals.bank.forms.model import Parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seawall.signals.bank.forms.model import Kept
    from seawall.signals.bank.model import Entry, HashKind


def read_vpdq(content: bytes, kind: HashKind, common: Entry) -> Parsed:
    """One video is called as the entry it shall be, or by its first frame."""
    parsed = Parsed()
    if not kind.framed:
        parsed.bad.append((1, f"a bank of {kind.name} hashes holds no videos"))
        return parsed
    try:
        told: Any = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        parsed.bad.append((1, f"this is not JSON: {error}"))
        return parsed
    videos = msgspec.convert(told, dict[str, Any]) if isinstance(told, dict) else {common.ref: told}
    for number, (ref, texts) in enumerate(videos.items(), start=1):
        try:
            frames = [read_frame(each, kind) for each in msgspec.convert(texts, list[str])]
            if not frames:
                raise ValueError("a video without frames")  # noqa: TRY301  read like the other mistakes
        except (ValueError, msgspec.ValidationError) as error:
            parsed.bad.append((number, f"{ref or 'the video'}: {error}"))
            continue
        entry = msgspec.structs.replace(common, ref=ref or frames[0][0].hex(), hashes=len(frames))
        parsed.items.append(
            Item(entry, tuple(each[0] for each in frames), tuple(each[1:] for each in frames))
        )
    return parsed


def write_vpdq(kept: Iterable[Kept], kind: HashKind, bank: str) -> Iterator[bytes]:
    """Every video by its name."""
    del kind, bank
    before = b"{\n"
    for entry, hits in kept:
        frames = [f"{hit.hash.hex()},{hit.quality or 0},{(hit.at_ms or 0) / 1000:.3f}" for hit in hits]
        yield before + msgspec.json.encode(entry.ref) + b": " + msgspec.json.encode(frames)
        before = b",\n"
    yield b"\n}\n" if before == b",\n" else b"{}\n"
