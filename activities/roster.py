"""Who is on call, looked up while an incident climbs the ladder."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.jobs import WHO_IS_ON_CALL, OnCallNow, WhoIsOnCall
from policy.opening import person_of
from rota import Rota


class RosterActivities:
    """The schedules, overrides and calendars as this process knows them; without a configuration, none."""

    def __init__(self, rota: Rota | None) -> None:
        self._rota = rota

    @activity.defn(name=WHO_IS_ON_CALL)
    async def who_is_on_call(self, work: WhoIsOnCall) -> OnCallNow:
        """Who is on call by each of these schedules, as far as it is known here (spec 2.1)."""
        if self._rota is None:
            raise ApplicationError("there is no configuration without faults", non_retryable=True)
        organisation = self._rota.organisation
        known = [name for name in work.schedules if name in organisation.schedules]
        on_call = self._rota.on_call(known, work.at)
        on_it = dict.fromkeys(on_call.values())
        people = tuple(person_of(organisation, person) for person in on_it if person)
        return OnCallNow(on_call=on_call, people=people)
