"""`seawall bank`: what is in banks of hashes, and what comes in and goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from seawall.core.clock import format_time
from seawall.core.errors import UsageError
from seawall.ingest.scalars import timestamp
from seawall.serve.cli.bank_files import export, import_, share
from seawall.serve.cli.banked import CLOCK, entries, opened, who
from seawall.serve.cli.pictures import fingerprint_of_video, hashes_of_picture
from seawall.signals.bank import OWN, Entry, Opinion
from seawall.signals.bank.change import Item, Removal, addition, hash_bytes, removal
from seawall.signals.clips import KnownVideos, as_item
from seawall.signals.clips import match as find
from seawall.signals.clips.signal import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.serve.cli.banked import Opened
    from seawall.signals.bank import HashKind, Hit

BANKS = typer.Typer(help="Banks of hashes: what is in them, and what comes and goes.", no_args_is_help=True)
BANKS.command("import")(import_)
BANKS.command("export")(export)
BANKS.command("share")(share)

_SHOWN = 20
_SPEED_NOTED = 0.02
_PROJECT = typer.Option(Path(), "--project", help="The folder that holds seawall.yml.")
_HASHES = typer.Argument(None, help="Hashes in hexadecimal.")
_IMAGE = typer.Option([], "--image", help="Instead, the hash of this picture; repeatable.")
_VIDEO = typer.Option([], "--video", help="Instead, all frames of this video; repeatable.")
_MIDDLE = typer.Option(
    False, "--middle", help="Of each video, the middle of its frames too: finds it cropped."
)
_TURNS = typer.Option(False, "--turns", help="Of each picture, the hashes of all its eight turns.")
_REASON = typer.Option("", "--reason", help="Why, for the record.")


@BANKS.command()
def add(
    bank: str = typer.Argument(..., help="The bank."),
    hashes: list[str] = _HASHES,
    image: list[Path] = _IMAGE,
    turns: bool = _TURNS,
    video: list[Path] = _VIDEO,
    middle: bool = _MIDDLE,
    opinion: Opinion = typer.Option(Opinion.TRUE_POSITIVE, "--opinion", help="What is thought of them."),
    source: str = typer.Option(OWN, "--source", help="Who says so; own: your people."),
    ref: str = typer.Option("", "--ref", help="What the source calls it."),
    clause: str = typer.Option("", "--clause", help="The clause they break; default the bank's."),
    tag: list[str] = typer.Option([], "--tag", help="A word of the source; repeatable."),
    expires: str | None = typer.Option(None, "--expires", help="From when they no longer count: RFC 3339."),
    shareable: bool = typer.Option(False, "--shareable", help="They may go to partners; see `share`."),
    reason: str = _REASON,
    project: Path = _PROJECT,
) -> None:
    """Add hashes; a source that spoke of a hash before now says this.

    A running server sees them within two seconds, from one batch to the next. Without one they count from the
    next start.
    """
    with opened(project, bank) as there:
        common = Entry(
            source=source,
            opinion=opinion,
            ref=ref,
            clause=there.clause(clause),
            tags=tuple(tag),
            added_at=CLOCK.now(),
            added_by=who(),
            share=shareable,
        )
        if expires is not None:
            common = msgspec.structs.replace(common, expires=timestamp("--expires", expires))
        items = [Item(common, (raw,)) for raw in _raw(hashes or [], there.kind)]
        for path in image:
            raw = _pictured(path, there.kind, turns=turns)
            name = ref or raw[0].hex() if turns else ref
            items.append(Item(msgspec.structs.replace(common, ref=name, hashes=len(raw)), tuple(raw)))
        for path in video:
            named = msgspec.structs.replace(common, ref=ref if ref and len(video) == 1 else ref + path.stem)
            items.append(_filmed(named, path, there.kind, middle=middle))
        if not items:
            raise UsageError("nothing was named", hint="give hashes, --image FILE or --video FILE")
        there.ask(addition(bank, there.kind, items, common), by=common.added_by, reason=reason)
    typer.echo(f"{entries(len(items))} asked to come into {bank}")


@BANKS.command()
def remove(
    bank: str = typer.Argument(..., help="The bank."),
    hashes: list[str] = _HASHES,
    ref: list[str] = typer.Option([], "--ref", help="A video or picture, by what its source calls it."),
    source: str = typer.Option("", "--source", help="Only what this source says; default all."),
    reason: str = _REASON,
    project: Path = _PROJECT,
) -> None:
    """Take entries out.

    What they led to stays until it is undone.
    """
    with opened(project, bank) as there:
        gone = [Removal(hash=raw.hex(), source=source) for raw in _raw(hashes or [], there.kind)]
        gone += [Removal(ref=each, source=source) for each in ref]
        if not gone:
            raise UsageError("nothing was named", hint="give hashes, or --ref NAME")
        before = there.bank.size if there.bank else 0
        there.ask(removal(bank, there.kind, gone), by=who(), reason=reason)
        after = there.bank.size if there.bank else 0
    if before == after:
        typer.echo(f"nothing of it is in {bank}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{before - after:,} hashes are asked to leave {bank}")


@BANKS.command()
def match(
    bank: str = typer.Argument(..., help="The bank."),
    hashes: list[str] = _HASHES,
    image: list[Path] = _IMAGE,
    turns: bool = _TURNS,
    video: list[Path] = _VIDEO,
    within: int | None = typer.Option(None, "--within", min=0, help="Bits; default as the bank's file says."),
    project: Path = _PROJECT,
) -> None:
    """Look hashes or pictures up, and say what is near. Exits 1 where nothing matches."""
    with opened(project, bank) as there:
        asked = [(raw.hex(), [raw]) for raw in _raw(hashes or [], there.kind)]
        asked += [(str(path), _pictured(path, there.kind, turns=turns)) for path in image]
        if not asked and not video:
            raise UsageError("nothing was named", hint="give hashes, --image FILE or --video FILE")
        bits = there.declared.within if within is None else within
        matched = False
        for name, raw in asked:
            found = (
                there.bank.look(raw, within=bits, now=CLOCK.now(), matches=there.declared.matches)
                if there.bank
                else []
            )
            hits = sorted((hit for each in found for hit in each.hits), key=lambda hit: hit.distance)
            others = [hit for each in found for hit in each.others]
            matched = matched or bool(hits)
            _say(name, hits, others)
        for path in video:
            matched = _say_shown(path, there) or matched
        there.say_what_waits()
    if not matched:
        raise typer.Exit(1)


@BANKS.command()
def stats(
    bank: str | None = typer.Argument(None, help="One bank; default all that the project declares."),
    project: Path = _PROJECT,
) -> None:
    """Say how much is in banks, from whom, of which opinion, and what it takes."""
    with opened(project, bank) as there:
        for declared in there.chosen:
            held = there.banks.bank(declared.name)
            typer.echo(f"{declared.name}  {declared.hash}, within {declared.within} bits")
            if held is None:
                typer.echo("  nothing was ever put into it")
                continue
            state = held.current
            typer.echo(
                f"  {held.size:,} hashes, {held.nbytes / 1e6:,.1f} MB, "
                f"indexed in {len(state.view.segments)}, {len(state.view.words):,} read one by one"
            )
            typer.echo(f"  version {state.version[:12]} after {state.changes:,} changes")
            for (source, opinion), count in sorted(held.counts().items()):
                typer.echo(f"  {count:>12,}  {opinion}, says {source}")
        there.say_what_waits()


def _say(name: str, hits: Sequence[Hit], others: Sequence[Hit]) -> None:
    typer.echo(f"{name}: {len(hits):,} match, {len(others):,} near that do not")
    for hit in [*hits, *others][:_SHOWN]:
        entry = hit.entry
        said = [entry.opinion.value, f"says {entry.source}"]
        said += [f"called {entry.ref}"] if entry.ref else []
        said += [f"clause {entry.clause}"] if entry.clause else []
        said += [f"at {hit.at_ms / 1000:.1f} s"] if hit.at_ms is not None else []
        said += [f"added {format_time(entry.added_at)[:10]}"] if entry.added_at else []
        typer.echo(f"  {hit.distance:>3} bits  {hit.hash.hex()[:16]}…  {', '.join(said)}")


def _say_shown(path: Path, there: Opened) -> bool:
    """Say which stretches of a video are known; gives whether any is."""
    _framed(there.kind)
    clip = fingerprint_of_video(path, per_s=RATE)
    declared = there.declared
    known = there.bank and KnownVideos(declared.name, there.bank, matches=declared.matches, now=CLOCK.now())
    found = find(clip, known) if known else []
    typer.echo(
        f"{path}: {len(found):,} stretches are known" if len(found) != 1 else f"{path}: 1 stretch is known"
    )
    for each in found[:_SHOWN]:
        said = [f"{each.there_begin:.1f} to {each.there_end:.1f} s of {each.reference.name}"]
        said += [f"{each.speed:.2f} times as fast"] if abs(each.speed - 1) > _SPEED_NOTED else []
        said += ["mirrored"] if each.mirrored else []
        said += [f"{each.share:.0%} of the file", f"{each.distance:.0f} bits"]
        said += [f"clause {each.reference.entry.clause}"] if each.reference.entry.clause else []
        typer.echo(f"  {each.begin:.1f} to {each.end:.1f} s  {', '.join(said)}")
    return bool(found)


def _filmed(entry: Entry, path: Path, kind: HashKind, *, middle: bool) -> Item:
    _framed(kind)
    item = as_item(entry, fingerprint_of_video(path, middle=middle))
    return msgspec.structs.replace(item, entry=msgspec.structs.replace(entry, hashes=len(item.hashes)))


def _framed(kind: HashKind) -> None:
    if not kind.framed:
        raise UsageError(f"the bank holds {kind.name} hashes, and a video needs a bank of vpdq")


def _raw(hashes: Sequence[str], kind: HashKind) -> list[bytes]:
    if hashes and kind.framed:
        hint = "give --video FILE, or bring frames with `seawall bank import --form vpdq`"
        raise UsageError("a video is no single hash", hint=hint)
    try:
        return [hash_bytes(each, kind) for each in hashes]
    except ValueError as error:
        raise UsageError(str(error)) from error


def _pictured(path: Path, kind: HashKind, *, turns: bool) -> list[bytes]:
    if kind.name != "pdq":
        raise UsageError(f"the bank holds {kind.name} hashes, and a picture has pdq ones")
    return hashes_of_picture(path, turns=turns)
