"""The bench runs as people run it."""

import asyncio
import json
import os
import sys

from bench.command import QUICK
from settings import ROOT


async def test_the_bench_gives_every_figure_of_both_sides_and_their_ratio() -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench", "--quick", "--json"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaints = await child.communicate()
    assert child.returncode == 0, complaints.decode()
    results = json.loads(output)["results"]
    assert [(result["alerts"], result["times"]) for result in results] == [
        tuple(vars(q).values()) for q in QUICK
    ]
    for result in results:
        wanted = {"p50", "p99"} if result["alerts"] == 1 else {"p50", "p99", "rate"}
        assert result["figures"].keys() == wanted
        for figure in result["figures"].values():
            assert figure["bare"] > 0
            assert figure["midwatch"] > 0
            assert figure["ratio"] == figure["midwatch"] / figure["bare"]
