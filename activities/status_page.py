"""The public told."""

from sqlalchemy import Engine
from temporalio import activity

import storage.public
from domain import jobs
from domain.jobs import PublishUpdate, Told


class StatusPageActivities:
    """Our own status page, which reads the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name=jobs.PUBLISH_UPDATE)
    def publish_update(self, work: PublishUpdate) -> Told:
        """Publish an update; one that is published already is left as it is (spec 7.4)."""
        storage.public.publish(self._engine, work)
        return Told(done=True)
