"""Telling one person something that asks for no answer."""

from datetime import timedelta

from temporalio.exceptions import ActivityError

from domain.jobs import NOTIFY, Notify, Told
from domain.timeline import Kind
from workflows.live_incident import LiveIncident

TIMEOUT = timedelta(seconds=30)


def tell(live: LiveIncident, person: str, text: str) -> None:
    """Send them a message beside whatever else goes on. What fails is written down, and not tried again:
    who has to answer is paged."""
    if person in live.state.snapshot.people:
        live.spawn(_tell(live, person, text))


async def _tell(live: LiveIncident, person: str, text: str) -> None:
    who = live.state.snapshot.people[person]
    marked = f"DRILL {text}" if live.state.drill else text
    try:
        told = await live.job(
            NOTIFY,
            Notify(person=who, text=marked),
            Told,
            summary=f"tell {who.name}",
            timeout=TIMEOUT,
        )
    except ActivityError as error:
        told = Told(done=False, detail=str(error.cause or error))
    said = f"{who.name} was told" if told.done else f"{who.name} could not be told ({told.detail})"
    live.log(Kind.ASKED, f"{said}: {text}", person=person)
