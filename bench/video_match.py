"""A clip and what people do to it: what is found again, and at which price. `python bench/video_match.py`.

Reads the clip with its published edits from ../shared/data/threatexchange_media, and makes further edits of it with
PyAV. Beside it stands the usual way: whole frames of both sides at some rate, one PDQ hash each, 31 bits.
"""

# ruff: noqa: E501, ISC004, PLC0415 -- its sentences are lines of Markdown; PyAV may be missing
from __future__ import annotations

import fractions
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from measure import table

from seawall.signals.bank.bank import HashBank
from seawall.signals.bank.change import addition, digest_of, read_change
from seawall.signals.bank.model import HASH_KINDS, Entry
from seawall.signals.clips import Fingerprint, KnownVideos, as_item, fingerprint, match
from seawall.signals.clips.fingerprint import MIDDLE
from seawall.signals.image.pdq import pdq_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MEDIA = Path(__file__).resolve().parents[2] / "shared/data/threatexchange_media"
PUBLISHED = "tmk_sample-videos_chair-"
ORIGINAL = f"{PUBLISHED}orig-22-sd-bar.mp4"
SIDE = 128
RATE = 4.0

Steps = list[tuple[str, str]]
EDITS: dict[str, tuple[Steps, dict[str, float]]] = {
    "encoded anew, coarsely": ([], {"crf": 40}),
    "a third as wide": ([("scale", "160:240")], {"crf": 32}),
    "mirrored": ([("hflip", "")], {}),
    "between black bars": ([("pad", "w=iw:h=ih*2:x=0:y=ih/2:color=black")], {}),
    "beside black bars": ([("pad", "w=iw*2:h=ih:x=iw/2:y=0:color=black")], {}),
    "in a blue frame": ([("pad", "w=iw*1.2:h=ih*1.2:x=iw*0.1:y=ih*0.1:color=blue")], {}),
    "a mark over 4 %": ([("drawbox", "x=iw*0.7:y=ih*0.05:w=iw*0.25:h=ih*0.15:color=red:t=fill")], {}),
    "a banner over 20 %": ([("drawbox", "x=iw*0.1:y=ih*0.65:w=iw*0.8:h=ih*0.25:color=white:t=fill")], {}),
    "a quarter faster": ([("setpts", "PTS/1.25"), ("fps", "30")], {}),
    "a quarter slower": ([("setpts", "PTS*1.25"), ("fps", "30")], {}),
    "brighter": ([("lutyuv", "y=val+40")], {}),
    "3 s of it": ([], {"begin": 9.03, "end": 12.0}),
    "1.2 s of it": ([], {"begin": 9.03, "end": 10.2}),
    "5 % cut from each side": ([("crop", "iw*0.9:ih*0.9")], {}),
    "10 % cut from each side": ([("crop", "iw*0.8:ih*0.8")], {}),
    "turned by 3 degrees": ([("rotate", "0.05")], {}),
}
GENERATED = ("testsrc2", "mandelbrot", "life", "cellauto", "gradients", "smptebars", "color=c=black")


class Frames(NamedTuple):
    """A video: small and grey for us, colours at full size for the usual way, and its seconds."""

    grey: NDArray[np.uint8]
    times: NDArray[np.float64]
    whole: list[NDArray[np.uint8]]
    seconds: float
    cpu_s: float


def every(times: NDArray[np.float64], rate: float | None) -> NDArray[np.int64]:
    """The frames that are taken: so many a second, or all."""
    if rate is None:
        return np.arange(len(times))
    kept, due = [], -1.0
    for n, each in enumerate(times):
        if each >= due - 1e-3:
            kept.append(n)
            due = max(due, each) + 1 / rate if due >= 0 else each + 1 / rate
    return np.array(kept)


def read(path: Path, *, colours: float = 10.0) -> Frames:
    """Decode a file; whole frames are kept so many times a second."""
    import av

    grey, times, whole, due = [], [], [], 0.0
    began = time.process_time()
    spent = 0.0
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            grey.append(frame.reformat(SIDE, SIDE, "gray", interpolation="AREA").to_ndarray())
            times.append(float(frame.time))
            if times[-1] >= due - 1e-3:
                aside = time.process_time()
                whole.append(frame.to_ndarray(format="rgb24"))
                due += 1 / colours
                spent += time.process_time() - aside
    cpu_s = time.process_time() - began - spent
    return Frames(np.stack(grey), np.array(times), whole, times[-1] - times[0], cpu_s)


def edit(
    source: Path, target: Path, steps: Steps, *, crf: float = 28, begin: float = 0, end: float = 1e9
) -> None:
    """Write an edit of a file."""
    import av

    with av.open(str(source)) as file:
        stream = file.streams.video[0]
        graph = av.filter.Graph()
        made = graph.add_buffer(template=stream)
        for name, given in [*steps, ("format", "yuv420p"), ("buffersink", "")]:
            added = graph.add(name, given) if given else graph.add(name)
            made.link_to(added)
            made = added
        graph.configure()
        pushed = (each for each in file.decode(stream) if begin <= each.time <= end)
        write(target, _pulled(graph, pushed), crf=crf)


def _pulled(graph: Any, frames: Iterator[Any]) -> Iterator[Any]:
    import av

    for frame in [*frames, None]:
        graph.push(frame)
        while True:
            try:
                yield graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break


def generated(target: Path, source: str, *, seconds: int = 12) -> None:
    """A video of another thing, made by a generator of FFmpeg."""
    import av

    graph = av.filter.Graph()
    name, _, given = source.partition("=")
    made = graph.add(name, ":".join(filter(None, (given, "s=480x720:r=30"))))
    for each in (graph.add("format", "yuv420p"), graph.add("buffersink")):
        made.link_to(each)
        made = each
    graph.configure()
    write(target, (graph.pull() for _ in range(seconds * 30)))


def write(target: Path, frames: Iterator[Any], *, crf: float = 28) -> None:
    """Encode frames, thirty a second."""
    import av

    with av.open(str(target), "w") as file:
        stream = None
        for n, frame in enumerate(frames):
            if stream is None:
                stream = file.add_stream("libx264", rate=30)
                stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "yuv420p"
                stream.options = {"crf": str(round(crf)), "preset": "veryfast"}
            frame.pts, frame.time_base = n, fractions.Fraction(1, 30)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def usual(frames: Frames, rate: float) -> NDArray[np.uint64]:
    """The hash of whole frames, so many a second."""
    step = round(10 / rate)
    return np.ascontiguousarray(pdq_turns(np.stack(frames.whole[::step])).hashes[:, 0]).view(np.uint64)


def shared(clip: NDArray[np.uint64], known: NDArray[np.uint64]) -> float:
    """The share of a clip's hashes that are within 31 bits of a known one."""
    apart = np.bitwise_count(clip[:, None] ^ known[None]).sum(axis=2, dtype=np.int64)
    return float((apart.min(axis=1) <= 31).mean())


def known_by(print_: Fingerprint) -> KnownVideos:
    """A bank that holds one video."""
    bank = HashBank(HASH_KINDS["vpdq"])
    content = addition("bench", bank.kind, [as_item(Entry(ref="it"), print_)], Entry())
    bank.enact(bank.apply(read_change(content), digest_of(content)))
    return KnownVideos("bench", bank, matches=("true_positive",), now=0)


def sections() -> list[str]:
    """Markdown; says what is missing where something is."""
    try:
        import av  # noqa: F401
    except ImportError:
        return ["Skipped: the extra `media` is not installed."]
    if not MEDIA.is_dir():
        return ["Skipped: ../shared/data/threatexchange_media is not there."]
    with tempfile.TemporaryDirectory() as folder:
        return _sections(Path(folder))


def _sections(folder: Path) -> list[str]:
    source = MEDIA / ORIGINAL
    original = read(source)
    began = time.process_time()
    known = fingerprint(original.grey, original.times)
    kept_s = time.process_time() - began
    middle = fingerprint(original.grey, original.times, crops=(MIDDLE,))
    banks = {name: known_by(each) for name, each in (("plain", known), ("middle", middle))}
    ways = {rate: usual(original, rate) for rate in (1.0, 10.0)}
    clips = {path.stem.removeprefix(PUBLISHED): path for path in sorted(MEDIA.glob(f"{PUBLISHED}*.mp4"))}
    for name, (steps, more) in EDITS.items():
        clips[name] = folder / f"{len(clips)}.mp4"
        edit(source, clips[name], steps, **more)
    rows, times = [], [0.0, 0.0, 0.0, 0.0]
    for name, path in clips.items():
        clip = read(path)
        kept = every(clip.times, RATE)
        began = time.process_time()
        asked = fingerprint(clip.grey[kept], clip.times[kept])
        between = time.process_time()
        found = {which: match(asked, bank) for which, bank in banks.items()}
        times[0] += clip.seconds
        times[1] += clip.cpu_s
        times[2] += between - began
        times[3] += (time.process_time() - between) / 2
        before = [shared(usual(clip, rate), hashes) for rate, hashes in ways.items()]
        rows.append([name, *(f"{each:.0%}" for each in before), *(_best(each) for each in found.values())])
    others = [_others(folder, each, banks["middle"]) for each in GENERATED]
    trades = [[*each] for each in _trades(original, clips)]
    bytes_ = sum(each.words.nbytes for each in known.framings)
    return [
        "One clip of 22 s against its published edits and further ones; the share of the edit that is known again. The usual way: "
        "whole frames of both at one rate, PDQ, 31 bits, any frame with any. Seawall: all frames of the known one, "
        f"{RATE:g} a second of the clip; in the last column the middle of each known frame is kept too.", "",
        *table(["edit", "usual way, 1/s", "usual way, 10/s", "Seawall", "with the middle kept"], rows), "",
        f"Of {len(GENERATED)} unrelated clips, {sum(others)} were taken for it.", "",
        "The trade between frames a second of either side, as edits found of "
        f"{len(clips)} (at least half of the clip) and pictures kept of the known one:", "",
        *table(["known, frames/s", "pictures kept", "clip 1/s", "clip 2/s", "clip 4/s", "clip 10/s"], trades), "",
        f"Processor seconds per minute of video: decoding and making small {times[1] / times[0] * 60:.2f}, fingerprint "
        f"{times[2] / times[0] * 60:.3f}, looking up and aligning {times[3] / times[0] * 60:.3f}. Keeping a known video: "
        f"{kept_s / original.seconds * 60:.1f} s and {bytes_ / original.seconds * 60 / 1e3:,.0f} kB of hashes a minute "
        f"({len(known.begin) / original.seconds:.0f} pictures a second in {len(known.framings)} framings).",
    ]  # fmt: skip


def _best(found: list[Any]) -> str:
    if not found:
        return "-"
    best = found[0]
    notes = [f"{best.speed:.2f}x"] if abs(best.speed - 1) > 0.02 else []
    notes += ["mirrored"] if best.mirrored else []
    return f"{sum(each.seconds for each in found) / best.seconds * best.share:.0%}" + (
        f" ({', '.join(notes)})" if notes else ""
    )


def _others(folder: Path, source: str, bank: KnownVideos) -> bool:
    path = folder / "other.mp4"
    generated(path, source)
    clip = read(path)
    kept = every(clip.times, RATE)
    return bool(match(fingerprint(clip.grey[kept], clip.times[kept]), bank))


def _trades(original: Frames, clips: dict[str, Path]) -> Iterator[tuple[str, ...]]:
    read_once = {name: read(path) for name, path in clips.items()}
    for rate in (1.0, 5.0, 10.0, None):
        kept = every(original.times, rate)
        known = fingerprint(original.grey[kept], original.times[kept])
        bank = known_by(known)
        counts = []
        for asked in (1.0, 2.0, 4.0, 10.0):
            found = 0
            for clip in read_once.values():
                taken = every(clip.times, asked)
                best = match(fingerprint(clip.grey[taken], clip.times[taken]), bank)
                found += bool(best) and best[0].share >= 0.5
            counts.append(str(found))
        yield ("all" if rate is None else f"{rate:g}", str(len(known.begin)), *counts)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.stdout.write("\n".join(sections()) + "\n")
