"""What follows an incident: its postmortem, its action items and their review (spec 9.2 to 9.6)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from pydantic import BaseModel, Field, create_model

from api import errors
from api.deps import OrganisationDep, PastDep
from api.postmortems import PostmortemGateway
from api.v1 import models
from api.v1.models import Outcome
from api.v1.requests import VERB_ERRORS, SourceId, message_id, person_ref
from domain import aftermath_acts as acts
from domain.acts import Act
from domain.aftermath import Manuscript
from domain.aftermath_acts import FollowingUp
from domain.incident import IncidentReport
from domain.organisation import Organisation
from domain.postmortem import ActionItem, ItemState, ListedItem, PostmortemNow
from policy.opening import person_of

router = APIRouter()
"""Beneath `/api/v1/incidents`."""

actions = APIRouter()
"""Beneath `/api/v1/actions`: of all incidents."""

ACTS: dict[str, type[Act]] = {
    "postmortem/owner": acts.NameOwner,
    "postmortem/write": acts.Write,
    "postmortem/meeting": acts.HoldMeeting,
    "postmortem/begin-review": acts.BeginReview,
    "postmortem/publish": acts.PublishPostmortem,
    "postmortem/move": acts.MoveDeadline,
    "actions": acts.ItemDraft,
    "actions/{number}/settle": acts.SettleItem,
    "actions/{number}/answer": acts.AnswerItem,
    "review/hold": acts.HoldReview,
    "review/move": acts.MoveReview,
}
"""Every act, by its address beneath an incident's."""


class PostmortemPage(BaseModel):
    """A postmortem, and what has been written of it. `manuscript` is absent once nobody remembers it but the
    document."""

    report: IncidentReport
    postmortem: PostmortemNow | None
    manuscript: Manuscript | None


class ActionList(BaseModel):
    """Action items, those due first at the front."""

    items: list[ListedItem]


def _gateway(request: Request) -> PostmortemGateway:
    gateway: PostmortemGateway = request.app.state.postmortems
    return gateway


PostmortemsDep = Annotated[PostmortemGateway, Depends(_gateway)]


@router.get("/{incident_id}/postmortem", summary="Read a postmortem", responses=errors.responses(404, 503))
async def read_postmortem(incident_id: str, postmortems: PostmortemsDep) -> PostmortemPage:
    """As it is now: its stage, its deadlines, what was written, and what its final version lacks."""
    found = await postmortems.read(incident_id)
    return PostmortemPage(
        report=found.report, postmortem=found.report.postmortem, manuscript=found.manuscript
    )


@router.get(
    "/{incident_id}/actions", summary="Read an incident's action items", responses=errors.responses(404, 503)
)
async def read_actions(incident_id: str, postmortems: PostmortemsDep) -> list[ActionItem]:
    """As they are now."""
    report = (await postmortems.read(incident_id)).report
    return list(report.postmortem.items) if report.postmortem else []


@actions.get("", summary="List action items of all incidents", responses=errors.responses(503))
async def list_actions(
    past: PastDep,
    state: Annotated[ItemState | None, Query(description="only those")] = None,
    owner: Annotated[str | None, Query(description="only this person's")] = None,
    service: Annotated[str | None, Query(description="only of this service")] = None,
    overdue: Annotated[bool, Query(description="only those that are open past their day")] = False,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> ActionList:
    """From the database: what was changed a moment ago may still be missing."""
    now = datetime.now(UTC)
    found = await past.action_items(
        state=state, owner=owner, service=service, overdue_at=now if overdue else None, limit=limit
    )
    return ActionList(items=found)


def _body(act: type[Act]) -> type[BaseModel]:
    """The act's fields, but for its number, which is in the address."""
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in act.model_fields.items()
        if name not in ("verb", "number")
    }
    by = (str, Field(description="a person of the configuration"))
    return create_model(f"{act.__name__}Request", __doc__=act.__doc__, by=by, **fields)


class _Door:
    """What every act needs: who may be named, whom to tell, and what identifies the request."""

    def __init__(
        self, organisation: OrganisationDep, postmortems: PostmortemsDep, source_id: SourceId
    ) -> None:
        self._organisation = organisation
        self._postmortems = postmortems
        self._source_id = source_id

    async def do(self, incident_id: str, act: type[Act], given: BaseModel, **more: int) -> Outcome:
        """Do what was asked for."""
        fields: dict[str, Any] = given.model_dump() | more
        by = person_ref(fields.pop("by"), self._organisation)
        if act is not acts.ItemDraft:  # What that lacks is told all at once.
            for path, person in _named(fields):
                person_ref(person, self._organisation, path)
        verb = ":".join((str(act.model_fields["verb"].default), *map(str, more.values())))
        asked = FollowingUp.model_validate(
            {
                "source_id": message_id(self._source_id, verb, given),
                "incident_id": incident_id,
                "by": by,
                "at": datetime.now(UTC),
                "act": act(**fields),
                "contacts": _contacts(self._organisation, by.id, *(person for _, person in _named(fields))),
            }
        )
        done = await self._postmortems.act(asked)
        return Outcome(said=done.said, report=done.report)


DoorDep = Annotated[_Door, Depends()]


def _handler(address: str, act: type[Act]) -> Callable[..., Awaitable[Outcome]]:
    async def handle(incident_id: str, given: Any, door: DoorDep) -> Outcome:
        return await door.do(incident_id, act, given)

    async def handle_numbered(incident_id: str, number: int, given: Any, door: DoorDep) -> Outcome:
        return await door.do(incident_id, act, given, number=number)

    chosen: Callable[..., Awaitable[Outcome]] = handle_numbered if "number" in act.model_fields else handle
    example = {"by": "alice", **models.FOLLOW_UP_SAMPLES[address]}
    chosen.__annotations__["given"] = Annotated[_body(act), Body(examples=[example])]
    return chosen


def _named(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """The people whom an act names, each with where."""
    owner = [("owner", fields["owner"])] if "owner" in fields else []
    attendees = fields.get("attendees", ())
    return owner + [(f"attendees.{number}", person) for number, person in enumerate(attendees)]


def _contacts(organisation: Organisation, *people: str) -> Any:
    """How those who are named are reached."""
    known = dict.fromkeys(person for person in people if person in organisation.people)
    return tuple(person_of(organisation, person) for person in known)


for _address, _act in ACTS.items():
    _doc = (_act.__doc__ or "").strip()
    router.post(
        f"/{{incident_id}}/{_address}",
        summary=" ".join(_doc.split(".")[0].split("(spec")[0].split()),
        description=_doc,
        name=f"{_act.__name__}",
        responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
    )(_handler(_address, _act))
