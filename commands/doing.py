"""Something that is done to an incident by somebody, from the command line to the answer."""

from collections.abc import Sequence
from typing import Any

import httpx

from commands.client import OPEN, Client
from commands.words import cleaned
from domain.incident import Status


class Doing:
    """Who does something, and to which incident; both are settled before anything is asked."""

    def __init__(
        self, incident: str | None, by: str | None, as_json: bool, among: Sequence[Status] = OPEN
    ) -> None:
        self.client = Client()
        self.by = self.client.who(by)
        self.incident = self.client.incident(incident, among)
        self._json = as_json

    def do(self, verb: str, **fields: Any) -> None:
        """Do it, and say what came of it."""
        self.say(self.post(verb, **fields))

    def post(self, verb: str, **fields: Any) -> httpx.Response:
        """Do it; what the API answers. What follows `incident/` in the address is the `verb`."""
        return self.client.post(f"/api/v1/incidents/{self.incident}/{verb}", {"by": self.by, **fields})

    def say(self, answer: httpx.Response) -> None:
        """Say what came of it."""
        print(answer.text if self._json else cleaned(answer.json()["said"]["text"]))


def do(incident: str | None, verb: str, by: str | None, as_json: bool, **fields: Any) -> None:
    """Do something that needs no question to an open incident."""
    Doing(incident, by, as_json).do(verb, **fields)
