"""The past, written down."""

from sqlalchemy import Engine
from temporalio import activity

import storage.timeline
from domain import jobs
from domain.jobs import Stored, WriteTimeline


class TimelineActivities:
    """The timeline in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name=jobs.WRITE_TIMELINE)
    def write_timeline(self, work: WriteTimeline) -> Stored:
        """Store entries; those that are stored already are left as they are."""
        return storage.timeline.write(self._engine, work)
