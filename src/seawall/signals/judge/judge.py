"""A signal that a language model gives: how likely a text breaks a policy, or which clause."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Kind
from seawall.policy.near import did_you_mean
from seawall.signals.judge.answer import read_answer
from seawall.signals.judge.budget import DailyBudget
from seawall.signals.judge.cache import Cache
from seawall.signals.judge.chat_httpx import HttpxChat
from seawall.signals.judge.enclose import enclose
from seawall.signals.judge.model import Judgement, Unanswered
from seawall.signals.judge.prompt import compile_prompt, schema_of
from seawall.signals.options import count_of, refusal, text_of
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.policy.model import Policy, Project, SignalSpec
    from seawall.signals.judge.model import Chat, Endpoint, Prompt
    from seawall.signals.ports import Input

LONGEST_TEXT = 20_000
"""Characters of a text that are shown to a model; a longer one is not judged by its beginning alone."""

_KEPT = 50_000  # judgements
_CALLS_PER_DAY = 10_000
_PARALLEL = 4
_TIMEOUT_S = 10


class Judge:
    """Applies one policy, as it holds in the market of each text, to texts."""

    def __init__(
        self,
        policy: Policy,
        chat: Chat | None,
        *,
        model: str,
        secret: bytes,
        seconds: Callable[[], float],
        calls_per_day: int = _CALLS_PER_DAY,
        parallel: int = _PARALLEL,
    ) -> None:
        """Make a judge.

        Args:
            policy: what is applied.
            chat: the model; None where none is configured: nothing is answered then.
            model: its name, for the cache.
            secret: keeps who writes content from knowing the marks around it.
            seconds: the clock, since 1970, for the budget.
            calls_per_day: more are not made.
            parallel: calls at the same time.
        """
        self._policy = policy
        self._chat = chat
        self._model = model
        self._secret = secret
        self._prompts: dict[str | None, Prompt] = {}
        self._cache = Cache(_KEPT)
        self._budget = DailyBudget(calls_per_day, seconds=seconds)
        self._parallel = parallel

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement | Unanswered]:
        """A judgement of each (text, market), in order; equal ones are asked about once."""
        distinct = list(dict.fromkeys(texts))
        if self._chat is None:
            return [Unanswered("not_configured")] * len(texts)
        ask = partial(self._one, self._chat)
        if len(distinct) == 1:
            answers = [ask(distinct[0])]
        else:
            with ThreadPoolExecutor(min(self._parallel, len(distinct)) or 1) as pool:
                answers = list(pool.map(ask, distinct))
        found = dict(zip(distinct, answers, strict=True))
        return [found[each] for each in texts]

    def prompt(self, market: str | None) -> Prompt:
        """What the model is told for a market."""
        if market not in self._policy.overlays:
            market = None  # the policy's own clauses hold there
        if market not in self._prompts:
            self._prompts[market] = compile_prompt(self._policy, market=market)
        return self._prompts[market]

    def _one(self, chat: Chat, text_in: tuple[str, str | None]) -> Judgement | Unanswered:
        text, market = text_in
        if len(text) > LONGEST_TEXT:
            return Unanswered("not_applicable", f"{len(text):,} characters, more than {LONGEST_TEXT:,}")
        prompt = self.prompt(market)
        key = (prompt.digest, self._model, _digest(text))
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        if not self._budget.spend():
            return Unanswered("budget")
        message, check = enclose(text, secret=self._secret)
        said = chat.complete(system=prompt.text, user=message, schema=schema_of(prompt))
        if isinstance(said, Unanswered):
            return said
        answer = read_answer(said, prompt=prompt, content=text, check=check)
        if isinstance(answer, Judgement):
            self._cache.put(key, answer)
        return answer


class JudgeSignal:
    """A judge as a signal: a number is how likely a clause is broken, a text the clause (or `none`)."""

    def __init__(self, judge: Judge, *, gives: Kind) -> None:
        self._judge = judge
        self._gives = gives

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One reading per input; its evidence says which clause, and where the words stand that break it.

        Not the words themselves, nor the rationale, which may repeat them: a decision outlives the erasure of
        what it was made on.
        """
        answers = self._judge.judge([(str(each.value), each.market) for each in inputs])
        return [self._reading(answer) for answer in answers]

    def _reading(self, answer: Judgement | Unanswered) -> Reading:
        if isinstance(answer, Unanswered):
            return Reading(null=answer.reason)
        value = answer.violation if self._gives is Kind.NUMBER else (answer.clause or "none")
        held: list[str] = []
        if answer.clause is not None:
            held.append(f"clause {answer.clause}")
        if answer.exception is not None:
            held.append(f"exception {answer.exception}")
        if answer.span is not None:
            held.append(f"characters {answer.span[0]} to {answer.span[1]}")
        return Reading(value, evidence=tuple(held))


def judge_kind(
    endpoints: Mapping[str, Endpoint], *, secret: bytes, seconds: Callable[[], float]
) -> SignalKind:
    """The kind `judge`, which asks the servers that whoever runs the process named.

    Args:
        endpoints: by the name that a signal's option `endpoint` gives; one that is not there answers nothing.
        secret: see `Judge`.
        seconds: the clock, since 1970.
    """

    def build(spec: SignalSpec, project: Project) -> JudgeSignal:
        name, model = text_of(spec, "policy"), text_of(spec, "model")
        policy = project.policies.get(name)
        if policy is None:
            hint = did_you_mean(name, project.policies, what="policies")
            raise refusal(spec, "unknown-policy", f"there is no policy {name!r}", hint)
        if spec.type.kind not in {Kind.NUMBER, Kind.STRING}:
            raise refusal(spec, "type-mismatch", "a judge gives a number or a string", "say type: number")
        endpoint = endpoints.get(str(spec.options.get("endpoint", "judge")))
        timeout_s = count_of(spec, "timeout_s", _TIMEOUT_S)
        chat = HttpxChat(endpoint, model, timeout_s=timeout_s) if endpoint else None
        judge = Judge(
            policy,
            chat,
            model=model,
            secret=secret,
            seconds=seconds,
            calls_per_day=count_of(spec, "calls_per_day", _CALLS_PER_DAY),
            parallel=count_of(spec, "parallel", _PARALLEL),
        )
        return JudgeSignal(judge, gives=spec.type.kind)

    optional = dict.fromkeys(("endpoint", "timeout_s", "calls_per_day", "parallel"), False)
    return SignalKind(
        "judge", frozenset({Kind.STRING}), None, {"policy": True, "model": True, **optional}, build
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
