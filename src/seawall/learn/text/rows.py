"""A recipe's sources to labelled texts, each with its use."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.core.errors import UsageError
from seawall.signals.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from seawall.learn.text.recipe import Labelled, Recipe, Source

_TEST, _CALIBRATE = 0.15, 0.30  # of the unit interval: below the first tested, below the second calibrated


class Row(msgspec.Struct, frozen=True):
    """One labelled text.

    Attributes:
        text: as its source has it, marks replaced.
        plain: as a model reads it.
        language: ISO 639-1.
        source: name in the recipe.
        part: train, calibrate or test.
        labels: by head; a head without a label is absent.
    """

    text: str
    plain: str
    language: str
    source: str
    part: str
    labels: dict[str, bool]


class Read(NamedTuple):
    """What was read: the rows, and per source the SHA-256 of its file."""

    rows: list[Row]
    digests: dict[str, str]


def read_rows(recipe: Recipe, folder: Path) -> Read:
    """All labelled texts of a recipe.

    The same text is in one part only, whatever source has it: a text is drawn by its own hash, and one that
    is for a test somewhere is not trained on elsewhere.

    Args:
        recipe: names the sources.
        folder: where their paths begin.

    Raises:
        UsageError: a file is missing or has not the columns the recipe says.
    """
    digests: dict[str, str] = {}
    rows: list[Row] = []
    for name, source in recipe.sources.items():
        path = folder / source.path
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UsageError(
                f"source {name}: {path} cannot be read: {error.strerror}",
                hint="--data names the folder of the sources",
            ) from error
        digests[name] = hashlib.sha256(data).hexdigest()
        rows += _rows(name, source, _records(name, source, data), seed=recipe.seed)
    return Read(_apart(rows), digests)


def _apart(rows: Iterable[Row]) -> list[Row]:
    """Without repetition, each text on the most cautious side that any source puts it on."""
    caution = {"train": 0, "calibrate": 1, "test": 2}
    found: dict[tuple[str, str], Row] = {}
    side: dict[str, str] = {}
    for row in rows:
        found.setdefault((row.source, row.plain), row)
        side[row.plain] = max(row.part, side.get(row.plain, row.part), key=caution.__getitem__)
    return [row for row in found.values() if row.part == side[row.plain]]


def _rows(name: str, source: Source, records: Iterable[dict[str, str]], *, seed: int) -> Iterator[Row]:
    for record in records:
        text = record.get(source.text)
        labels = {
            head: label for head, how in source.labels.items() if (label := _label(record, how)) is not None
        }
        labels |= dict.fromkeys(source.assume, False)
        if not text or not labels:
            continue
        for mark, stands_for in source.replace.items():
            text = text.replace(mark, stands_for)
        known = plain(text)
        if known:
            yield Row(text, known, source.language, name, _part(source, record, known, seed), labels)


def _label(record: dict[str, str], how: Labelled) -> bool | None:
    cell = record.get(how.column, "")
    values = set(cell.split(how.separator)) if how.separator else {cell}
    if values & set(how.yes):
        return True
    return False if values & set(how.no) else None


def _part(source: Source, record: dict[str, str], known: str, seed: int) -> str:
    if source.part is not None:
        return source.part
    if source.parts is not None:
        value = record.get(source.parts.column, "")
        if value in source.parts.test:
            return "test"
        return "calibrate" if value in source.parts.calibrate else "train"
    digest = hashlib.sha256(f"{seed}\n{known}".encode("utf-8", "surrogatepass")).digest()
    drawn = int.from_bytes(digest[:8], "big") / 2**64
    return "test" if drawn < _TEST else "calibrate" if drawn < _CALIBRATE else "train"


def _records(name: str, source: Source, data: bytes) -> Iterator[dict[str, str]]:
    path = source.path
    if path.endswith(".zip"):
        path = source.member or ""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = archive.read(path)
        except (KeyError, zipfile.BadZipFile) as error:
            raise UsageError(
                f"source {name}: {source.path} has no {path!r}", hint="name its `member`"
            ) from error
    stream = io.StringIO(data.decode("utf-8-sig", "replace"), newline="")
    tabs = path.endswith(".tsv") or bool(source.columns)
    given = csv.DictReader(
        stream,
        fieldnames=source.columns or None,
        delimiter="\t" if tabs else ",",
        quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL,
    )
    wanted = {source.text, *(how.column for how in source.labels.values())}
    missing = sorted(wanted - set(given.fieldnames or ()))
    if missing:
        raise UsageError(
            f"source {name}: {source.path} has no column {missing[0]!r}",
            hint=f"its columns are {', '.join(given.fieldnames or ())}",
        )
    for record in given:
        yield {key: value for key, value in record.items() if isinstance(value, str)}
