"""What is called of the kernel: the loop over a batch, and what keeps the table small.

Compiled where numba is installed, else run as it stands.
"""

from __future__ import annotations

from typing import Any

from seawall.core.compiled import jit, stamp
from seawall.features import answer, functions, kernel_cells, kernel_model, kernel_read
from seawall.features.answer import EVICTED
from seawall.features.functions import LAST
from seawall.features.kernel_cells import (
    behead as _behead,
)
from seawall.features.kernel_cells import (
    insert,
    lower,
    make_room,
)
from seawall.features.kernel_cells import (
    rehash as _rehash,
)
from seawall.features.kernel_cells import (
    release as _release,
)
from seawall.features.kernel_model import HEAD, LOST, PLACE, TAIL, TS, Ints, Table
from seawall.features.kernel_read import add, fits, nothing, read


def _made(sources: int) -> tuple[Any, ...]:
    @jit
    def run(
        t: Table, function: int, over: int, lateness: int, per_key: int, lost: int, begin: int,
        ts: Ints, newest: Ints, slots: Ints, counts: Any, nulls: Any, values: Ints, out: Ints,
    ) -> int:  # fmt: skip
        """Count and read the requests from `begin` on; how far it came before an array must grow.

        Of a request are known its time, the newest time once it has arrived, the slot of its key (-1: none),
        whether it counts, why it is not to be read (0: it is), and what is counted. The value goes to `out`.
        `lost` is the newest entry of any evicted key.
        """
        for place in range(begin, len(ts)):
            slot, time = slots[place], ts[place]
            if slot == -1:
                if nulls[place] == 0:
                    nulls[place] = EVICTED if lost >= time - over else nothing(function)
                continue
            if not fits(t, function, slot, time) or (counts[place] and not make_room(t, function, slot)):
                return place
            value, null = sources & 0, nothing(function)
            lost_until = t.slots[slot, LOST]
            if function == LAST and t.slots[slot, PLACE] != -1:
                value, null = read(t, function, slot, time, over)  # the event itself is not seen
            if counts[place]:
                bound = newest[place] - lateness - over
                add(t, function, slot, time, values[place] if len(values) else 0, bound, per_key)
            if nulls[place] != 0:
                continue
            if function != LAST and t.slots[slot, PLACE] != -1:
                value, null = read(t, function, slot, time, over)
            if function != LAST:
                lost_until = t.slots[slot, LOST]
            if lost_until >= time - over:
                null = EVICTED
            out[place] = value
            nulls[place] = null
        return len(ts)

    @jit
    def expire(t: Table, function: int, slots: int, bound: int, idle: Ints) -> int:
        """Forget what no window can reach any more; how many slots are free now, their numbers in `idle`."""
        found = sources & 0
        for slot in range(slots):
            if t.slots[slot, PLACE] == -1:
                continue
            head, tail = t.slots[slot, HEAD], t.slots[slot, TAIL]
            if t.cells[head, TS] < bound:
                _behead(t, function, slot, lower(t.cells, head, tail, bound))
                if t.slots[slot, HEAD] == tail:
                    _release(t.cells, t.scalars, t.slots[slot, PLACE])
                    t.slots[slot, PLACE] = -1
                    idle[found] = slot
                    found += 1
        return found

    @jit
    def put(t: Table, function: int, begin: int, slots: Ints, times: Ints, values: Ints) -> int:
        """Add entries from `begin` on to their slots; how far it came before an array must grow."""
        for place in range(begin + (sources & 0), len(slots)):
            slot = slots[place]
            if not fits(t, function, slot, times[place]) or not make_room(t, function, slot):
                return place
            insert(t, function, slot, times[place], values[place] if len(values) else 0)
        return len(slots)

    @jit
    def behead(t: Table, function: int, slot: int, head: int) -> int:
        """Forget the entries of a slot before `head`."""
        _behead(t, function, slot, head)
        return sources

    @jit
    def rehash(pairs: Ints, to: Ints) -> int:
        """Put the pairs of one hash table into a larger one."""
        _rehash(pairs, to)
        return sources

    @jit
    def release(cells: Ints, scalars: Ints, place: int) -> int:
        """Give a segment back."""
        _release(cells, scalars, place)
        return sources

    return run, expire, put, behead, rehash, release


_PARTS = (answer, functions, kernel_cells, kernel_model, kernel_read)
run, expire, put, behead, rehash, release = _made(stamp(__file__, *(str(each.__file__) for each in _PARTS)))
