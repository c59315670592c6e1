"""The measuring: alerts one at a time, and all at once; both sides by turns."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from bench.carrier import Carrier
from bench.figures import Sample, burst, compare, pooled
from bench.report import Phase, Result
from bench.sides import AT_ONCE, Side

PATIENCE = 180.0
"""Seconds within which the calls of all alerts have to be there."""

POLL_ONE, POLL_MANY = 0.004, 0.05
SETTLE = 0.15
"""Seconds left to a side for what a call brings with it, so that it does not fall on the other's turn."""

TENTHS = 10

Advance = Callable[[float], None]
"""Told how much of a measurement, from 0 to 1, has been done since it was last told."""


class BenchStuck(Exception):
    """What was to be measured did not happen."""


class Bench:
    """Both sides, and the carrier that takes their calls."""

    def __init__(self, bare: Side, midwatch: Side, carrier: Carrier) -> None:
        self._bare, self._midwatch = bare, midwatch
        self._carrier = carrier
        self._turns = 0

    async def measure(self, phase: Phase, advance: Advance) -> Result:
        """Measure both sides, by turns so that whatever else this machine does falls on both.

        Raises:
            BenchStuck: alerts and calls do not match.
        """
        bare, midwatch, texts = list[Sample](), list[Sample](), 0
        for _ in range(phase.times):
            for side, samples in ((self._bare, bare), (self._midwatch, midwatch)):
                if phase.alerts > 1:
                    # By itself it comes through only when what the last burst left behind is out of the way.
                    await self._turn(side, 1, lambda part: None)
                sample, more = await self._turn(side, phase.alerts, lambda p: advance(p / 2 / phase.times))
                samples.append(sample)
                texts += more
        figures = compare(pooled(bare), pooled(midwatch), rate=phase.alerts > 1)
        return Result(phase, tuple(figures), texts)

    async def _turn(self, side: Side, alerts: int, advance: Advance) -> tuple[Sample, int]:
        self._turns += 1
        keys = [f"bench-{self._turns}-{number}" for number in range(alerts)]
        gate, sent = asyncio.Semaphore(AT_ONCE), dict[str, datetime]()

        async def send(key: str) -> None:
            async with gate:
                sent[key] = datetime.now(UTC)
                await side.send(key)

        try:
            async with asyncio.TaskGroup() as group:
                for key in keys:
                    group.create_task(send(key))
                group.create_task(self._until_taken(side, alerts, advance))
        except ExceptionGroup as faults:
            # The first that failed is the reason; the others were only called off.
            raise faults.exceptions[0] from None
        taken = await self._carrier.taken()
        if Counter(key for key, _ in taken) != Counter(keys):
            raise BenchStuck(f"{side.name}: {alerts} alerts became {len(taken)} calls, not one each")
        texts = await self._carrier.texts()
        await asyncio.sleep(SETTLE)
        await side.clear(keys)
        await self._carrier.reset()
        return burst(sent, dict(taken)), texts

    async def _until_taken(self, side: Side, alerts: int, advance: Advance) -> None:
        deadline = time.monotonic() + PATIENCE
        marks = sorted({max(alerts * tenth // TENTHS, 1) for tenth in range(1, TENTHS + 1)})
        done = 0
        for mark in marks:
            while not await self._carrier.has(mark):
                if time.monotonic() > deadline:
                    raise BenchStuck(
                        f"{side.name}: of {alerts} calls {mark} were not there within {PATIENCE:.0f} s"
                    )
                await asyncio.sleep(POLL_ONE if alerts == 1 else POLL_MANY)
            advance((mark - done) / alerts)
            done = mark
