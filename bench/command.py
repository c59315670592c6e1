"""`make bench`: start everything, measure both sides in the same run, print, stop everything."""

import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from temporalio.service import RPCError

import configuration
import settings as environment
from bench import oncall, report, validation
from bench.carrier import Carrier
from bench.measure import Advance, Bench, BenchStuck
from bench.report import Phase, Result
from bench.sides import Bare, Midwatch
from domain.organisation import Organisation
from integrations.temporal import connect
from settings import STARTER_CONFIG, Settings
from stack.faults import StackFault
from stack.ports import free_port
from stack.process import Process
from stack.signals import Interrupted, run_until_signal
from stack.stack import Stack
from workflows.search_attributes import TYPES

FAILED, INTERRUPTED = 1, 130

WARM_UP = Phase(alerts=1, times=20)
PHASES = Phase(alerts=1, times=100), Phase(alerts=200, times=3), Phase(alerts=1000, times=1)
QUICK = Phase(alerts=1, times=3), Phase(alerts=5, times=2), Phase(alerts=10, times=1)

RINGS = timedelta(minutes=10)
"""How long a phone rings: nobody answers, and nobody's turn shall come while calls are counted."""


def bench(*, quick: bool, as_json: bool) -> int:
    """Measure everything. 0 once it is measured, whether or not the aims are met."""
    console = Console(stderr=as_json)
    results: list[Result] = []
    on_call, validated = oncall.measure(), validation.measure()
    console.print(oncall.said(on_call), highlight=False)
    console.print(validation.said(validated), highlight=False)
    try:
        run_until_signal(_bench(console, QUICK if quick else PHASES, results))
    except Interrupted:
        console.print("Interrupted. Everything is stopped.")
        return INTERRUPTED
    except (StackFault, BenchStuck, aiohttp.ClientError, RPCError) as fault:
        report.show(console, results)  # What was measured until then is true all the same.
        console.print(f"The rest could not be measured: {fault}", style="bold red", markup=False)
        return FAILED
    if as_json:
        computed = {"on_call_seconds": on_call.seconds, "validated_seconds": validated.seconds}
        print(json.dumps({**report.machine(results), **computed}))
    else:
        report.show(console, results)
    return 0


async def _bench(console: Console, phases: Sequence[Phase], results: list[Result]) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with TemporaryDirectory(prefix="midwatch-bench-") as place, Progress(*columns, console=console) as bar:

        def task(title: str) -> Advance:
            number = bar.add_task(title, total=1)
            return lambda part: bar.advance(number, part)

        started = task("starting everything")
        async with _both_sides(Path(place)) as both:
            started(1)
            # What is first used is first loaded, on both sides.
            await both.measure(WARM_UP, task("warming up"))
            for phase in phases:
                results.append(await both.measure(phase, task(phase.title)))


@asynccontextmanager
async def _both_sides(place: Path) -> AsyncIterator[Bench]:
    """Everything that Midwatch consists of, and bare Temporal's worker beside it."""
    example = configuration.load(STARTER_CONFIG)
    patient = example.timing.model_copy(update={"ring_for": RINGS})
    organisation = example.model_copy(update={"timing": patient})
    settings = _settings(place, organisation)
    async with Stack(settings, search_attributes=TYPES) as stack, aiohttp.ClientSession() as session:
        worker = Process(
            "bare-worker",
            [sys.executable, "-m", "bench.bare_worker"],
            env=stack.environment,
            log_dir=settings.data_dir / "logs",
            ready_line="worker ready",
        )
        try:
            await worker.start()
            client = await connect(stack.settings)
            yield Bench(
                Bare(client, stack.settings, organisation),
                Midwatch(client, session, stack.settings, organisation),
                Carrier(stack.settings, session),
            )
        finally:
            await worker.stop()


def _settings(place: Path, organisation: Organisation) -> Settings:
    config = place / "midwatch.yaml"
    config.write_text(yaml.safe_dump(organisation.model_dump(mode="json")), encoding="utf-8")
    return environment.load(
        {
            "MIDWATCH_CONFIG": str(config),
            "MIDWATCH_DATA_DIR": str(place / "data"),
            "MIDWATCH_API_PORT": str(free_port()),
            "MIDWATCH_SIMULATOR_PORT": str(free_port()),
            "MIDWATCH_PHONE_CALLS_PER_SECOND": "100000",
        }
    )
