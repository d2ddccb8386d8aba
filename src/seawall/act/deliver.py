"""From the outbox to one destination: claim what is due, post it, settle it or wait longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from seawall.act import repo_outbox
from seawall.act.breaker import Circuit, Flow, after, flow
from seawall.act.repo import insert_new
from seawall.act.retry import Outcome, outcome_of, wait_s
from seawall.act.signature import HEADER, sign
from seawall.act.tables import CIRCUITS
from seawall.core.clock import MICROS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from seawall.act.destination import Destination
    from seawall.act.ports import Answer, Sender
    from seawall.act.repo_outbox import Message
    from seawall.act.retry import Rng
    from seawall.core.clock import Clock
    from seawall.store.ledger import Ledger

_ERROR_LENGTH = 500


def as_kept(body: str) -> str:
    """A message that is sent as it was kept."""
    return body


class Deliverer:
    """Delivers to one destination. Several may run, in several processes: a message is claimed first.

    A message is delivered at least once: when the process dies between the platform's answer and our note
    of it, it is sent again under the same id and version.
    """

    def __init__(
        self,
        ledger: Ledger,
        destination: Destination,
        *,
        sender: Sender,
        clock: Clock,
        rng: Rng,
        complete: Callable[[str], str] = as_kept,
    ) -> None:
        """Take what delivery needs.

        Args:
            ledger: where messages wait.
            destination: where to.
            sender: posts.
            clock: what time it is.
            rng: spreads waits.
            complete: fills into a body what must not be kept at rest, just before it is signed.
        """
        self._complete = complete
        self._ledger = ledger
        self._to = destination
        self._sender = sender
        self._clock = clock
        self._rng = rng

    def deliver_due(self) -> int:
        """Send what is due, as far as the circuit lets it; gives how many messages were sent or tried.

        Call it again at once while it gives more than 0.
        """
        at = self._clock.now()
        # connect, write, read and the pool may each wait once; then somebody else may try
        lease_until = at + int((4 * self._to.timeout_s + 10) * MICROS_PER_SECOND)
        with self._ledger.begin() as connection:
            circuit = circuit_of(connection, self._to.name)
            limit = {Flow.CLOSED: self._to.parallel, Flow.HALF_OPEN: 1, Flow.OPEN: 0}[flow(circuit, at)]
            claimed = (
                repo_outbox.claim(connection, self._to.name, at=at, lease_until=lease_until, limit=limit)
                if limit
                else []
            )
        if claimed:
            with ThreadPoolExecutor(len(claimed)) as pool:
                answers = list(pool.map(self._post, claimed))
            for message, answer in zip(claimed, answers, strict=True):
                with self._ledger.begin() as connection:  # one row each: who enacts may hold several
                    self._settle(connection, message, answer)
        return len(claimed)

    def _post(self, message: Message) -> Answer:
        body = self._complete(message.body).encode()
        at_s = self._clock.now() // MICROS_PER_SECOND
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.message_id,
            HEADER: sign(body, self._to.secrets, at_s=at_s),
        }
        return self._sender.post(self._to.url, body, headers, timeout_s=self._to.timeout_s)

    def _settle(self, connection: Connection, message: Message, answer: Answer) -> None:
        at = self._clock.now()
        outcome = outcome_of(answer)
        error = (answer.error or f"status {answer.status}")[:_ERROR_LENGTH]
        if outcome is Outcome.TAKEN:
            repo_outbox.settle(connection, message.message_id, state=repo_outbox.SENT, at=at)
        elif outcome is Outcome.REFUSED or at >= message.give_up_at:
            repo_outbox.settle(connection, message.message_id, state=repo_outbox.DEAD, at=at, error=error)
        else:
            seconds = wait_s(message.attempts, self._rng, asked_s=answer.retry_after_s)
            until = at + int(seconds * MICROS_PER_SECOND)
            repo_outbox.postpone(connection, message.message_id, until=until, error=error)
        circuit = circuit_of(connection, self._to.name)
        now_is = after(circuit, reached=outcome is not Outcome.FAILED, at=at, rng=self._rng)
        if now_is != circuit:
            _save_circuit(connection, self._to.name, now_is)


def circuit_of(connection: Connection, destination: str, *, lock: bool = True) -> Circuit:
    """What is remembered of a destination; all is well until something failed.

    Args:
        connection: in a transaction that may write, or without `lock` one for reading.
        destination: its name.
        lock: nobody else may change it until the transaction ends.
    """
    wanted = select(CIRCUITS).where(CIRCUITS.c.destination == destination)
    row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().first()
    return Circuit(row["failures"], row["opens"], row["retry_at"]) if row else Circuit()


def _save_circuit(connection: Connection, destination: str, circuit: Circuit) -> None:
    insert_new(connection, CIRCUITS, [{"destination": destination, "failures": 0, "opens": 0}])
    kept = CIRCUITS.update().where(CIRCUITS.c.destination == destination)
    connection.execute(kept.values(**msgspec.structs.asdict(circuit)))
