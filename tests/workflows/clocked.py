"""A workflow that asks a decision which reads a clock, as no decision may."""

from datetime import UTC, datetime

from temporalio import workflow


def decide() -> datetime:
    """A decision that is not a pure function."""
    return datetime.now(UTC)


@workflow.defn
class ReadsAClock:
    """Fails in the sandbox."""

    @workflow.run
    async def run(self) -> str:
        return decide().isoformat()
