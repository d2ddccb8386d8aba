"""`seawall judge`: what a language model is told of a policy, what it says, and how far people agree."""

from __future__ import annotations

import csv
import secrets
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from seawall.core.errors import UsageError
from seawall.measure.agreement import agreement
from seawall.measure.proportion import wilson
from seawall.policy.near import did_you_mean
from seawall.serve.cli.working import counting
from seawall.serve.settings import Settings
from seawall.serve.wiring import endpoints_of, open_project
from seawall.signals.judge import Judge, Judgement
from seawall.signals.judge.chat_httpx import HttpxChat
from seawall.signals.judge.prompt import compile_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.measure.model import Interval
    from seawall.policy.model import Policy
    from seawall.signals.judge import Unanswered

_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_BATCH = 32


def judge(
    policy: str = typer.Argument(..., help="The policy that is applied, as `fraud/scams`."),
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    market: str | None = typer.Option(None, "--market", help="Where; its overlay holds then."),
    show: bool = typer.Option(False, "--show", help="Print what the model is told, and ask nobody."),
    text: str | None = typer.Option(None, "--text", help="One text to judge."),
    gold: Path | None = typer.Option(
        None, "--gold", help="CSV with the columns text and violates (and market): how far do both agree?"
    ),
    model: str | None = typer.Option(None, "--model", help="The model that is asked."),
    endpoint: str = typer.Option("judge", "--endpoint", help="Which server of SEAWALL_ENDPOINTS."),
    calls: int = typer.Option(1_000, "--calls", min=1, help="Ask no more often than this."),
) -> None:
    """Apply a written policy to texts by a language model, and measure it."""
    found = _policy(project, policy)
    if show:
        prompt = compile_prompt(found, market=market)
        typer.echo(prompt.text)
        typer.echo(f"prompt {prompt.digest[:12]}", err=True)
        return
    if (text is None) == (gold is None):
        raise UsageError("one of --show, --text and --gold says what to do", hint="begin with --show")
    asking = _judge(found, endpoint, model, calls)
    if text is not None:
        (answer,) = asking.judge([(text, market)])
        _say(answer)
        return
    assert gold is not None
    items = _gold(gold, market)
    answers: list[Judgement | Unanswered] = []
    with counting("Asking", total=len(items)) as progress:
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            answers += asking.judge([(item.text, item.market) for item in batch])
            progress(len(batch))
    _report(items, answers, prompt=asking.prompt(market).digest)


class _Item(NamedTuple):
    text: str
    violates: bool
    market: str | None


def _policy(project: Path, name: str) -> Policy:
    policies = open_project(project).policies
    if name not in policies:
        hint = did_you_mean(name, policies, what="policies")
        raise UsageError(f"there is no policy {name!r}", hint=hint)
    return policies[name]


def _judge(policy: Policy, name: str, model: str | None, calls: int) -> Judge:
    endpoints = endpoints_of(Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    if name not in endpoints:
        raise UsageError(
            f"no server is configured as {name!r}",
            hint=f'SEAWALL_ENDPOINTS=\'{{"{name}": {{"url": "http://127.0.0.1:8000/v1"}}}}\'',
        )
    if model is None:
        raise UsageError("which model is asked?", hint="name it with --model")
    chat = HttpxChat(endpoints[name], model, timeout_s=60)
    return Judge(
        policy,
        chat,
        model=model,
        secret=secrets.token_bytes(32),
        seconds=time.time,
        calls_per_day=calls,
    )


def _gold(path: Path, market: str | None) -> list[_Item]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint="a CSV in UTF-8") from error
    items: list[_Item] = []
    for line, row in enumerate(rows, 2):
        text, word = row.get("text"), (row.get("violates") or "").strip().lower()
        if not text or word not in _TRUE | _FALSE:
            raise UsageError(
                f"{path}, row {line}: text is empty or violates is {word!r}",
                hint="the columns are text and violates; violates is true or false",
            )
        items.append(_Item(text, word in _TRUE, row.get("market") or market))
    if not items:
        raise UsageError(f"{path} has no rows", hint="a header and at least one text")
    return items


def _say(answer: Judgement | Unanswered) -> None:
    if not isinstance(answer, Judgement):
        typer.echo(f"no answer: {answer.reason}" + (f" ({answer.detail})" if answer.detail else ""))
        raise typer.Exit(3)
    allowed = f", allowed by {answer.exception}" if answer.exception else ""
    typer.echo(f"clause      {answer.clause or 'none'}{allowed}")
    typer.echo(f"confidence  {answer.confidence:.2f}, as the model says")
    if answer.quote:
        typer.echo(f"quote       {answer.quote}")
    typer.echo(f"rationale   {answer.rationale}")


def _report(items: Sequence[_Item], answers: Sequence[Judgement | Unanswered], *, prompt: str) -> None:
    both = [
        (item.violates, answer.clause is not None)
        for item, answer in zip(items, answers, strict=True)
        if isinstance(answer, Judgement)
    ]
    silent = Counter(answer.reason for answer in answers if not isinstance(answer, Judgement))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_row("judged", str(len(both)), f"of {len(items)} texts, prompt {prompt[:12]}")
    for reason, count in silent.most_common():
        table.add_row(f"no answer: {reason}", str(count), "a condition on it is NULL")
    if both:
        _figures(table, both)
    Console().print(table)
    if not both:
        raise typer.Exit(3)


def _figures(table: Table, both: list[tuple[bool, bool]]) -> None:
    right = sum(truth and said for truth, said in both)
    said, true = sum(said for _, said in both), sum(truth for truth, _ in both)
    clean = len(both) - true
    _share(table, "precision", wilson(right, said) if said else None, f"{right} of {said} that it found")
    _share(table, "recall", wilson(right, true) if true else None, f"{right} of {true} violations")
    wrong = said - right
    _share(table, "false positives", wilson(wrong, clean) if clean else None, f"{wrong} of {clean} clean")
    found = agreement(both, rng=np.random.default_rng(0))
    if found.kappa is None:
        table.add_row("kappa", "-", "everything got one same answer")
    else:
        table.add_row("kappa", f"{found.kappa:.2f}", f"{found.kappa_low:.2f} to {found.kappa_high:.2f}")
    table.add_row("Gwet's AC1", f"{found.ac1:.2f}", f"agree on {found.observed:.1%} of {found.n}")
    for name, share in (("positive agreement", found.positive), ("negative agreement", found.negative)):
        table.add_row(name, "-" if share is None else f"{share:.2f}", "")


def _share(table: Table, name: str, interval: Interval | None, told: str) -> None:
    if interval is None:
        table.add_row(name, "-", told)
        return
    table.add_row(name, f"{interval.value:.1%}", f"{interval.low:.1%} to {interval.high:.1%}; {told}")
