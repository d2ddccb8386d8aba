"""History as Parquet: files by the day events happened, and a manifest that says which of them count.

A file counts once the manifest names it. The manifest is swapped at once, so that a reader sees a whole
state; files it does not name are leftovers of a crash and are removed at the next start.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false, reportMissingTypeArgument=false
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false
# (pyarrow ships no types)
from __future__ import annotations

import io
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seawall.core.errors import Corrupt
from seawall.store.failure import storage_error
from seawall.store.payloads import day_of
from seawall.store.replace import replace
from seawall.store.rows import SCHEMA, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from seawall.store.entry import Recorded
    from seawall.store.ports import Files

MANIFEST = "manifest.json"
SMALL_BYTES = 64 * 2**20
MANY = 32
"""A day with so many small files is compacted."""


class LakeFile(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file; times are microseconds, both ends included."""

    path: str  # relative to the lake
    day: str
    rows: int
    bytes: int
    since: int
    until: int
    first: int  # smallest ordinal
    last: int
    oldest: int | None = 0  # when the oldest decision that has its event was made; None: none has


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the lake holds: how far each writer's journal is sealed, and in which files."""

    number: int = 0
    sealed: dict[str, int] = {}
    files: tuple[LakeFile, ...] = ()


_Chooser: TypeAlias = "Callable[[pa.Table], pa.ChunkedArray]"


class Lake:
    """Sealed history. One process writes; any may read the files the manifest names."""

    def __init__(self, folder: Path, *, files: Files, read_only: bool = False) -> None:
        self.folder = folder
        self._files = files
        self._lock = threading.Lock()
        self._garbage: list[str] = []  # replaced files that a query may still be reading
        self.manifest = self._load()
        if not read_only:
            self._sweep()

    def sealed(self, writer: str) -> int:
        """The offset before which a writer's decisions are in the lake."""
        return self.manifest.sealed.get(writer, 0)

    def begins(self, since: int, writer: str) -> int:
        """An offset of a writer's journal before which nothing happened at `since` or later; 0 if unknown."""
        if set(self.manifest.sealed) - {writer}:
            return 0  # files do not say whose ordinals they hold
        sealed = self.sealed(writer)
        return min((one.first for one in self.manifest.files if one.until >= since), default=sealed)

    def paths(
        self, *, since: int | None = None, until: int | None = None, before: int | None = None
    ) -> list[str]:
        """Absolute paths of files that may hold events in [since, until), or ordinals before one."""
        return [
            str(self.folder / one.path)
            for one in self.manifest.files
            if (since is None or one.until >= since)
            and (until is None or one.since < until)
            and (before is None or one.first < before)
        ]

    def seal(self, records: Sequence[Recorded], *, writer: str, upto: int) -> None:
        """Take in what a writer recorded up to `upto`; durable on return, whole or not at all.

        Raises:
            StorageError: the disk refuses; the lake is as it was.
        """
        with self._lock:
            by_day: defaultdict[str, list[Recorded]] = defaultdict(list)
            for record in records:
                by_day[day_of(record.decision.ts)].append(record)
            number = self.manifest.number + 1
            new = [
                self._write(table_of(group), day, f"{number:08d}-{writer}")
                for day, group in sorted(by_day.items())
            ]
            sealed = {**self.manifest.sealed, writer: upto}
            self._swap(Manifest(number=number, sealed=sealed, files=(*self.manifest.files, *new)))

    def compact(self) -> int:
        """Put the small files of days that have many into one; gives how many files that took away.

        Raises:
            StorageError: the disk refuses; the lake is as it was.
        """
        gone = 0
        for day in sorted({one.day for one in self.manifest.files}):
            small = [one for one in self.manifest.files if one.day == day and one.bytes < SMALL_BYTES]
            if len(small) >= MANY:
                with self._lock:
                    tables = [self._read(one) for one in small]
                    self._rewrite(small, [(day, pa.concat_tables(tables).sort_by("ordinal"))], "whole")
                gone += len(small) - 1
        return gone

    def erase(self, event_ids: Collection[str]) -> int:
        """Blank the events with these ids; the decisions on them stay. Gives how many rows that touched.

        Raises:
            StorageError: the disk refuses; files are rewritten whole or left as they were.
        """
        wanted = pa.array(sorted(event_ids), pa.string())
        return self._blank(lambda table: pc.is_in(table["event_id"], value_set=wanted), self.manifest.files)

    def drop_events(self, *, before: int) -> int:
        """Blank the events of decisions made before a time, microseconds. Gives how many rows."""
        old = [one for one in self.manifest.files if one.oldest is not None and one.oldest < before]
        return self._blank(lambda table: pc.less(table["decided_at"].cast(pa.int64()), before), old)

    def _blank(self, choose: _Chooser, among: Sequence[LakeFile]) -> int:
        touched = 0
        for one in among:
            with self._lock:
                table = self._read(one)
                chosen = pc.and_(choose(table), pc.is_valid(table["event"]))
                count = int(pc.sum(chosen).as_py() or 0)
                if not count:
                    continue
                column = table.schema.get_field_index("event")
                blank = pc.if_else(chosen, pa.scalar(None, pa.string()), table["event"])
                self._rewrite([one], [(one.day, table.set_column(column, "event", blank))], "blank")
                self._collect()  # erased means gone, not waiting to go
            touched += count
        return touched

    def _read(self, one: LakeFile) -> pa.Table:
        return pq.read_table(self.folder / one.path, schema=SCHEMA, partitioning=None)

    def _rewrite(self, old: Sequence[LakeFile], new: Sequence[tuple[str, pa.Table]], label: str) -> None:
        number = self.manifest.number + 1
        written = [self._write(table, day, f"{number:08d}-{label}") for day, table in new]
        kept = [one for one in self.manifest.files if one not in old]
        self._swap(Manifest(number=number, sealed=self.manifest.sealed, files=(*kept, *written)))
        self._garbage += [one.path for one in old]

    def _write(self, table: pa.Table, day: str, name: str) -> LakeFile:
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        content = buffer.getvalue()
        path = f"decisions/day={day}/{name}.parquet"
        try:
            self._files.make_dir((self.folder / path).parent)
            replace(self._files, self.folder / path, content)
        except OSError as error:
            raise storage_error(error, f"sealing {path}") from error
        times, ordinals = pc.min_max(table["ts"].cast(pa.int64())), pc.min_max(table["ordinal"])
        return LakeFile(
            path=path,
            day=day,
            rows=table.num_rows,
            bytes=len(content),
            since=times["min"].as_py(),
            until=times["max"].as_py(),
            first=ordinals["min"].as_py(),
            last=ordinals["max"].as_py(),
            oldest=pc.min(table["decided_at"].cast(pa.int64()).filter(table["event"].is_valid())).as_py(),
        )

    def _swap(self, manifest: Manifest) -> None:
        self._collect()
        try:
            replace(self._files, self.folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        except OSError as error:
            raise storage_error(error, f"swapping {self.folder / MANIFEST}") from error
        self.manifest = manifest

    def _collect(self) -> None:
        for path in self._garbage:
            (self.folder / path).unlink(missing_ok=True)
        self._garbage.clear()

    def _load(self) -> Manifest:
        path = self.folder / MANIFEST
        if MANIFEST not in self._files.names(self.folder):
            return Manifest()
        handle = self._files.open(path)
        try:
            return msgspec.json.decode(handle.read_at(handle.size(), 0), type=Manifest)
        except msgspec.MsgspecError as error:
            raise Corrupt(
                f"{path} cannot be read: {error}",
                hint="move the lake folder away: it is sealed again from the journal",
            ) from error
        finally:
            handle.close()

    def _sweep(self) -> None:
        """Make the folder, and remove what no manifest names."""
        self._files.make_dir(self.folder / "decisions")
        named = {self.folder / one.path for one in self.manifest.files}
        for path in (self.folder / "decisions").glob("*/*"):
            if path not in named:
                self._files.remove(path)
