"""Every table of docs/benchmarks.md, measured in one run.

    python bench/run.py [--quick] [--full] [--peers PYTHON] [--out docs/benchmarks.md]

`--quick` measures next to nothing and checks everything; `--full` goes to ten million events. What is missing
(the peers' interpreter) is skipped by name.
"""

# ruff: noqa: E501, ISC004 -- its sentences are lines of Markdown
from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import door
import dropin
import end_to_end
import engine
import media
import peer
import rules
import workload
from measure import machine, spread, table
from stages import stages
from text_quality import text_quality

from seawall.policy.scaffold import scaffold
from seawall.serve.wiring import open_project

OSPREY = (
    "Osprey (not on PyPI) is not run here. InfoQ reports of it 2.3 million rules a second across 400 million actions a day, "
    "for Discord's fleet: *Discord Open Sources Osprey Safety Rules Engine*, Patrick Farry, InfoQ, 2026. It says neither "
    "on how many machines nor what a rule is, so that figure stands beside ours and is not compared with it."
)


class Bench:
    """One run: sizes, a folder to work in, and what is found."""

    def __init__(self, folder: Path, *, quick: bool, full: bool) -> None:
        self.folder, self.quick, self.full = folder, quick, full
        self.times = 1 if quick else 3
        self.seconds = 0.05 if quick else 2.0
        self.text: list[str] = []
        self.bars: list[tuple[str, float]] = []

    def say(self, *lines: str) -> None:
        self.text += lines
        print("\n".join(lines), file=sys.stderr)

    def project(self, strategies: int) -> Path:
        folder = self.folder / f"project-{strategies}"
        if not folder.exists():
            workload.write_project(folder, strategies=strategies, features=True)
        return folder

    def events(self, count: int) -> Path:
        path = self.folder / f"events-{count}.jsonl"
        if not path.exists():
            with path.open("w") as file:
                for record in workload.records(count):
                    file.write(json.dumps(record) + "\n")
        return path

    def stages(self) -> None:
        count = 2_000 if self.quick else 60_000
        found = [stages(self.project(100), self.events(count).read_bytes()) for _ in range(self.times)]
        names = sorted(found[0][0], key=lambda name: -found[0][0][name])
        rows = [[name, spread([each[name] for each, _ in found], digits=2)] for name in names]
        rows.append(["**all**", spread([whole for _, whole in found], digits=2)])
        self.say("", "## Where the time goes", "", f"Microseconds of processor time per event, one process, durable, "
                 f"100 strategies, 8 windowed features, {count:,} events.", "")  # fmt: skip
        self.say(*table(["stage", "us per event"], rows))

    def end_to_end(self) -> None:
        count = 3_000 if self.quick else 200_000
        rows: list[list[str]] = []
        for strategies in (100, 1_000):
            for workers in (1, 2):
                ran = [
                    end_to_end.run(self.project(strategies), self.events(count), workers=workers)
                    for _ in range(self.times)
                ]
                assert all(each.events == count for each in ran)
                pace = [each.per_second for each in ran]
                rows.append([f"{strategies:,}", str(workers), spread(pace, digits=0),
                             spread([each.cpu_us for each in ran]), f"{max(each.memory_mb for each in ran):,.0f}"])  # fmt: skip
        self.say("", "## End to end, durable", "", f"`seawall decide` on {count:,} events: validated, 8 windowed "
                 "features, inputs journalled, fsync before any decision is told. Processor time includes the start; memory is that of "
                 "the largest process.", "")  # fmt: skip
        self.say(
            *table(
                ["strategies", "judging processes", "decisions/s", "us of processor per event", "MB"], rows
            )
        )

    def growth(self) -> None:
        sizes = (1_000, 4_000) if self.quick else (10_000, 100_000, 1_000_000)
        sizes += (10_000_000,) if self.full else ()
        rows: list[list[str]] = []
        for count in sizes:
            ran = end_to_end.run(self.project(100), self.events(count), workers=2, piped=True)
            rows.append([f"{count:,}", f"{1e6 / ran.per_second:.1f}", f"{ran.memory_mb:,.0f}"])
        self.say("", "## Growth", "", "Piped in, two judging processes.", "")
        self.say(*table(["events", "us per event", "MB"], rows))

    def door(self) -> None:
        events = workload.records(10**7)
        found = door.latency(self.project(100), events, seconds=1.0 if self.quick else 15.0)
        self.say("", "## One event over HTTP, durable", "", f"{door.CLIENTS} clients with kept connections; saturated at "
                 f"{found.saturated:,.0f} a second, measured at half of it.", "")  # fmt: skip
        self.say(*table(["requests/s", "p50 ms", "p99 ms", "requests"],
                        [[f"{found.pace:,.0f}", f"{found.p50:.1f}", f"{found.p99:.1f}", f"{found.requests:,}"]]))  # fmt: skip

    def media(self) -> None:
        self.say("", "## Looking at files", "", "Processor time, the decoding process's own included, of clips and pictures made for it. What a thousand one-minute videos cost "
                 "is the last column; nudity looks at every kept frame, words are read in twelve.", "")  # fmt: skip
        self.say(*media.table(media.rows(quick=self.quick)))

    def dropin(self) -> None:
        project = self.folder / "project-dropin"
        scaffold(project)
        found = dropin.paces(project, seconds=0.3 if self.quick else 10.0)
        rows = [[each.endpoint, str(each.clients), str(each.size), f"{each.per_second:,.0f}", f"{each.p50_ms:.1f}",
                 f"{each.p99_ms:.1f}", f"{each.cpu_us:,.0f}"] for each in found]  # fmt: skip
        self.say("", "## Texts over HTTP", "", "The drop-in endpoints of a new project: OpenAI's moderation endpoint (`moderations`) and the Perspective API "
                 "(`comments`), clients with kept connections on the same machine. Processor time is the server's.", "")  # fmt: skip
        self.say(
            *table(
                [
                    "endpoint",
                    "clients",
                    "texts in a request",
                    "texts/s",
                    "p50 ms",
                    "p99 ms",
                    "us of processor per text",
                ],
                rows,
            )
        )

    def engine(self, python: str | None) -> None:
        project = open_project(self.project(100))
        count = 300 if self.quick else 20_000
        given = list(workload.records(count))
        rows: list[list[str]] = []
        for strategies in (100, 1_000):
            plain = [_typed(each) for each in given]
            found = engine.paces(project, workload.conditions(strategies), plain, seconds=self.seconds)
            share = sum(map(bool, found["fired"])) / count
            rows.append(
                [
                    f"{strategies:,}",
                    spread(found["row"], digits=0),
                    spread(found["column"], digits=0),
                    f"{share:.0%}",
                ]
            )
        self.say("", "## The engine alone", "", "The workload's own conditions (texts, regular expressions, lists, banks, NULLs), "
                 "one core, rows decoded already.", "")  # fmt: skip
        self.say(*table(["conditions", "row, events/s", "column, events/s", "events with a fire"], rows))
        self._peers(project, given, python)

    def text_quality(self, python: str | None) -> None:
        stages = ("linear", "static", "encoder") if self.full else () if self.quick else ("linear",)
        self.say(*text_quality(peers=python, stages=stages, seconds=self.seconds))

    def _peers(self, project: Any, given: list[dict[str, Any]], python: str | None) -> None:
        drawn = rules.rules(100)
        plain = [_typed(each) for each in given]
        ours = engine.paces(project, [rules.sql(rule) for rule in drawn], plain, seconds=self.seconds)
        row, column = statistics.median(ours["row"]), statistics.median(ours["column"])
        rows = [
            ["**Seawall, column**", f"{column:,.0f}", "1"],
            ["**Seawall, row**", f"{row:,.0f}", f"{column / row:,.1f}"],
        ]
        self.bars += [("Seawall, column", column), ("Seawall, row", row)]
        skipped: list[str] = []
        sample = min(len(given), 300)
        path = self.folder / "peers.json"
        whole = [dict.fromkeys(workload.FIELDS) | each for each in given[:2_000]]
        path.write_text(json.dumps({"rules": drawn, "events": whole, "sample": sample}))
        for name in peer.ENGINES:
            told = _peer(python, name, path, seconds=self.seconds * 2)
            if isinstance(told, str):
                skipped.append(f"{name} ({told})")
                continue
            if told["fired"] != ours["fired"][:sample]:
                skipped.append(f"{name} (it fires otherwise on a sample, so it is not timed)")
                continue
            pace = told["per_second"]
            rows.append([f"{name} {told['version']}", f"{pace:,.0f}", f"{column / pace:,.0f}"])
            self.bars.append((name, pace))
        self.say("", "## Side by side with rule engines from PyPI", "", "100 rules that all of them can say (comparisons, sets, NULL tests, "
                 f"pieces of text, 3 to 6 in each), the same events, one core; fired sets equal on {sample} events before "
                 "timing.", "")  # fmt: skip
        self.say(*table(["engine", "events/s", "Seawall's column form is faster by"], rows))
        self.say("", OSPREY)
        if skipped:
            self.say("", "Skipped: " + "; ".join(skipped) + ".")

    def script(self, name: str, title: str, *args: str) -> None:
        """A benchmark that runs alone, in a process of its own; what it prints is its section."""
        command = [sys.executable, str(Path(__file__).with_name(f"{name}.py")), *args]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            told = (done.stderr.strip().splitlines() or ["it failed"])[-1]
            lines = [f"Skipped: bench/{name}.py ({told[:300]})"]
        else:
            lines = [f"#{line}" if line.startswith("## ") else line for line in done.stdout.splitlines()]
        kept = [line for line in lines if not line.startswith("# ")]
        self.say("", f"## {title}", "", *kept)


def _typed(event: dict[str, Any]) -> dict[str, Any]:
    """A record with its times as the engine has them."""
    made = {**event}
    for name in ("ts", "created_at"):
        moment = datetime.fromisoformat(event[name])
        made[name] = int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    return made


def _peer(python: str | None, name: str, path: Path, *, seconds: float) -> Any:
    if python is None or not Path(python).exists():
        return "no interpreter with the peers; make bench sets one up"
    command = [python, str(Path(__file__).with_name("peer.py")), name, str(path), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it failed"])[-1][:160]
    return json.loads(done.stdout)


def plot(bars: list[tuple[str, float]]) -> str:
    """Horizontal bars on a logarithmic scale, as SVG."""
    width, left, height = 720, 210, 26
    longest = max(value for _, value in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {len(bars) * height + 34}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img">',
        "<title>Events per second and core, 100 equivalent rules, logarithmic</title>",
        f'<rect width="{width}" height="{len(bars) * height + 34}" fill="#fff"/>',
    ]
    for n, (name, value) in enumerate(bars):
        y = n * height + 8
        length = (width - left - 110) * max(0.02, _log(value) / _log(longest))
        colour = "#0b6e6e" if name.startswith("Seawall") else "#8a8f98"
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{name}</text>')
        parts.append(f'<rect x="{left}" y="{y}" width="{length:.0f}" height="18" rx="2" fill="{colour}"/>')
        parts.append(f'<text x="{left + length + 6:.0f}" y="{y + 14}">{value:,.0f}</text>')
    parts.append(
        f'<text x="{left}" y="{len(bars) * height + 24}" fill="#555">events a second, logarithmic</text></svg>'
    )
    return "\n".join(parts) + "\n"


def _log(value: float) -> float:
    return math.log10(max(value, 1.1))


def main() -> None:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--peers", help="interpreter that has the peers of locks/bench.txt")
    asked.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    asked.add_argument(
        "--only",
        nargs="*",
        help="stages, end_to_end, growth, door, dropin, media, engine, text_quality, "
        "cascade, text_forms, hash_banks, video_match",
    )
    given = asked.parse_args()
    peers = ["--peers", given.peers] if given.peers else []
    size = ["--full"] if given.full else ["--quick"] if given.quick else []
    began = time.time()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), quick=given.quick, full=given.full)
        bench.say(
            "# Benchmarks",
            "",
            "Made by `make bench` in one run; medians, and in brackets the least and the most.",
            "",
        )
        bench.say(*machine())
        sections = {
            "end_to_end": bench.end_to_end,
            "stages": bench.stages,
            "growth": bench.growth,
            "door": bench.door,
            "dropin": bench.dropin,
            "media": bench.media,
            "engine": lambda: bench.engine(given.peers),
            "text_quality": lambda: bench.text_quality(given.peers),
            "cascade": lambda: bench.script("cascade", "What the cascade saves"),
            "text_forms": lambda: bench.script("text_forms", "Text forms", *peers),
            "hash_banks": lambda: bench.script("hash_banks", "Banks of hashes", *peers, *size),
            "video_match": lambda: bench.script("video_match", "Videos found again"),
        }
        for name, section in sections.items():
            if given.only and name not in given.only:
                continue
            section()
            given.out.write_text("\n".join(bench.text) + "\n")  # what was measured stays, whatever comes
        if bench.bars:
            picture = given.out.with_suffix(".svg")
            bench.say("", f"![Events a second by engine]({picture.name})")
            picture.write_text(plot(bench.bars))
        bench.say("", f"Measured in {time.time() - began:,.0f} s; load at the end {os.getloadavg()[0]:.1f}.")
        given.out.write_text("\n".join(bench.text) + "\n")


if __name__ == "__main__":
    main()
