"""An incident while it lives on after its room has closed."""

from collections.abc import Iterable
from typing import TypeVar

from domain.aftermath import Aftermath, Letter, Paper
from domain.base import Deadline
from domain.incident import IncidentReport
from domain.people import Person, PersonRef
from domain.timeline import Kind
from policy import aftermath
from policy.action_items import MOST_LETTERS
from policy.grouping import shortened
from workflows.live import Live

AftermathT = TypeVar("AftermathT", bound=Aftermath)


class LiveAftermath(Live[AftermathT]):
    """A postmortem or a review of action items."""

    def report(self) -> IncidentReport:
        """The incident as it is now."""
        return aftermath.report(self.state, self.now())

    @property
    def next_deadline(self) -> Deadline | None:
        """What people can expect next."""
        return self.report().next_deadline

    def know(self, contacts: Iterable[Person]) -> None:
        """Remember how to reach people; who is known already may have another phone by now."""
        known = self.state.snapshot.people
        if new := {person.id: person for person in contacts if known.get(person.id) != person}:
            people = {**known, **new}
            self.state.snapshot = self.state.snapshot.model_copy(update={"people": people})

    def named(self, person: str) -> PersonRef:
        """Somebody by their id."""
        return PersonRef(id=person, name=self.state.snapshot.people[person].name)

    def ask(self, kind: Kind, text: str, *to: PersonRef | None) -> None:
        """Write it down, say it where incidents are announced, and tell these people themselves."""
        self.log(kind, text)
        self.announce(text)
        for person in {person.id: person for person in to if person}.values():
            self.write_to(person, text)

    def announce(self, text: str) -> None:
        """Say it where incidents are announced."""
        self.say("announcements", text)

    def write_to(self, person: PersonRef, text: str) -> None:
        """Tell somebody something; nothing waits until they have it. Of some nothing but a name is known."""
        if not person.id:
            return
        state, incident = self.state, self.state.incident
        words = f"{self._marked}{incident.severity} {incident.service_name}, {incident.title}: {text}"
        state.letters_made += 1
        letter = Letter(number=state.letters_made, person=person.id, text=shortened(words, MOST_LETTERS))
        state.letters.append(letter)
        self.changed()

    @property
    def _marked(self) -> str:
        return "DRILL " if self.state.incident.drill else ""

    def want(self, *papers: Paper) -> None:
        """Have these written, or written anew."""
        self.state.papers = tuple(dict.fromkeys((*self.state.papers, *papers)))
        self.changed()

    @property
    def written(self) -> bool:
        """Whether all that has happened is written down, and nothing is under way."""
        return not self.state.timeline.pending and not self.state.papers and self.quiet
