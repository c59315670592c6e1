"""The measuring: alerts one at a time, and all at once; both sides by turns."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.carrier import Carrier
from bench.figures import Sample, burst, pooled
from bench.sides import AT_ONCE, Side

PATIENCE = 180.0
"""Seconds within which the calls of all alerts have to be there."""

POLL_ONE, POLL_MANY = 0.004, 0.05
SETTLE = 0.15
"""Seconds left to a side to finish what a call brings with it, so that it does not fall on the other's turn."""

TENTHS = 10

Advance = Callable[[float], None]
"""Told how much of a measurement, from 0 to 1, has been done since it was last told."""


class BenchStuck(Exception):
    """What was to be measured did not happen."""


@dataclass(frozen=True)
class Turn:
    """One side's sample, and how many text messages it sent beside the calls."""

    sample: Sample
    texts: int


class Bench:
    """Both sides and the carrier between them."""

    def __init__(self, sides: Sequence[Side], carrier: Carrier) -> None:
        self.sides = sides
        self._carrier = carrier
        self._rounds = 0

    async def one_at_a_time(self, alerts: int, advance: Advance) -> list[Turn]:
        """So many alerts to each side, in turn, each when the call of the one before was seen."""
        latencies: list[list[Sample]] = [[] for _ in self.sides]
        for _ in range(alerts):
            for samples, side in zip(latencies, self.sides, strict=True):
                samples.append((await self._turn(side, 1, lambda part: None)).sample)
                advance(1 / alerts / len(self.sides))
        return [Turn(Sample(pooled(samples).latencies), 0) for samples in latencies]

    async def at_once(self, alerts: int, times: int, advance: Advance) -> list[Turn]:
        """A burst of so many alerts to each side, in turn, and so many times."""
        turns: list[list[Turn]] = [[] for _ in self.sides]
        share = 1 / times / len(self.sides)
        for _ in range(times):
            for own, side in zip(turns, self.sides, strict=True):
                # One alert by itself first: it comes through when what the last burst left behind is gone.
                await self._turn(side, 1, lambda part: None)
                own.append(await self._turn(side, alerts, lambda part: advance(part * share)))
        return [Turn(pooled([turn.sample for turn in own]), sum(turn.texts for turn in own)) for own in turns]

    async def _turn(self, side: Side, alerts: int, advance: Advance) -> Turn:
        self._rounds += 1
        keys = [f"bench-{self._rounds}-{number}" for number in range(alerts)]
        gate, sent = asyncio.Semaphore(AT_ONCE), dict[str, datetime]()

        async def send(key: str) -> None:
            async with gate:
                sent[key] = datetime.now(UTC)
                await side.send(key)

        async with asyncio.TaskGroup() as group:
            for key in keys:
                group.create_task(send(key))
            group.create_task(self._until_taken(side, alerts, advance))
        taken = await self._carrier.taken()
        if Counter(key for key, _ in taken) != Counter(keys):
            raise BenchStuck(f"{side.name}: {alerts} alerts became {len(taken)} calls, not one each")
        texts = await self._carrier.texts()
        await asyncio.sleep(SETTLE)
        await side.clear(keys)
        await self._carrier.reset()
        return Turn(burst(sent, dict(taken)), texts)

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
