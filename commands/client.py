"""The API, as a command calls it."""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console

from commands.told import UNREACHABLE, Told
from commands.words import cleaned
from domain.ids import IncidentId
from domain.incident import UNRESOLVED, IncidentReport, Status
from domain.timeline import Entry
from settings.caller import Caller, caller

OPEN = (*UNRESOLVED, Status.RESOLVED)
"""The states in which there is something to do in an incident's room."""
AFTERWARDS = (Status.IN_REVIEW, Status.IN_PREVENTION)
PREVENTION = (Status.IN_PREVENTION,)
UNCLOSED = (*OPEN, *AFTERWARDS)

SPINNER_AFTER = 2.0
"""Seconds without an answer after which a person is shown that something is awaited."""
TIMEOUT = httpx.Timeout(30, connect=5)
PAGE = 200
TIMELINE_PAGE = 1_000
AWAY = 503
PATIENCE, PAUSE = 20.0, 1.0
"""Seconds for which something is asked for again while nobody can do it, and between two times."""


class Client:
    """A caller's connection."""

    def __init__(self, settings: Caller | None = None) -> None:
        self.settings = settings or caller()
        if self.settings.token is None:
            raise Told(
                f"There is no API token in {self.settings.token_place}.",
                "Set MIDWATCH_API_TOKEN, name its file in MIDWATCH_API_TOKEN_FILE, or set MIDWATCH_DATA_DIR "
                "to where `midwatch up` keeps its data.",
                code=UNREACHABLE,
            )
        token = self.settings.token.get_secret_value()
        self.http = httpx.Client(
            base_url=self.settings.url,
            headers={b"Authorization": b"Bearer " + token.encode()},
            trust_env=False,
            timeout=TIMEOUT,
        )

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Ask; an answer that is a success.

        Raises:
            Told: there was no answer, or a refusal.
        """
        return self._ask(
            "GET", path, params={name: value for name, value in params.items() if value is not None}
        )

    def delete(self, path: str, **params: Any) -> httpx.Response:
        """Take something away; an answer that is a success.

        Raises:
            Told: there was no answer, or a refusal.
        """
        return self._ask("DELETE", path, params=params)

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Do; fields that are None are left to the API. Should the line break, or nobody work on it
        for a while, it is sent again under the same key, so that it is still done only once.

        Raises:
            Told: there was no answer, or a refusal.
        """
        given = {name: value for name, value in body.items() if value is not None}
        request: dict[str, Any] = {"json": given, "headers": {"Idempotency-Key": uuid4().hex}}
        until = time.monotonic() + PATIENCE
        with waiting("Nobody has done it yet; asking again"):
            # With the same key it is done once, however often it is asked for.
            while (answer := self._send("POST", path, **request)).status_code == AWAY:
                if time.monotonic() > until:
                    told = refusal(answer, self.settings)
                    raise Told(*told.lines, "It may be done yet: look, before you repeat it.")
                time.sleep(PAUSE)
        if answer.is_success:
            return answer
        raise refusal(answer, self.settings)

    def incident(self, named: str | None, among: Sequence[Status] = OPEN) -> str:
        """The id of the incident that a person means by its id, the beginning of its id or its reply code; by
        nothing, if only one is `among` these states.

        Raises:
            Told: there is none, or more than one.
        """
        if named is None:
            return self._only(among)
        try:
            return str(IncidentId.parse(named))
        except ValueError:
            pass
        unclosed = self.incidents(UNCLOSED)
        found = _meant(named, unclosed) or _meant(named, self.incidents(()))
        if not found:
            lines = ["Open are:", *map(_line, unclosed)] if unclosed else ["None is open."]
            meant = "If you meant it as a text: one word alone needs its option, like --text or --resolution."
            raise Told(f"No incident has the id or the reply code {named!r}.", *lines, meant)
        if len(found) > 1:
            raise Told(f"{named!r} may be each of these; write more of it:", *map(_line, found))
        return found[0].id

    def _only(self, among: Sequence[Status]) -> str:
        found = self.incidents(among)
        if not found:
            what = "open" if set(OPEN) & set(among) else " or ".join(status.value for status in among)
            raise Told(f"No incident is {what}; name the one you mean.")
        if len(found) > 1:
            which = f"Which one? There are {len(found)}; name one by its id or its reply code:"
            raise Told(which, *map(_line, found))
        return found[0].id

    def incidents(self, among: Sequence[Status], service: str | None = None) -> list[IncidentReport]:
        """All that are in these states; of any state, only the latest."""
        found: list[IncidentReport] = []
        cursor: str | None = None
        while True:
            page = self.incident_page(among, service, cursor).json()
            found += [IncidentReport.model_validate(cleaned(one)) for one in page["incidents"]]
            cursor = page.get("cursor")
            if not cursor or not among:
                return found

    def incident_page(
        self, among: Sequence[Status], service: str | None = None, cursor: str | None = None
    ) -> httpx.Response:
        """One page of incidents."""
        states = [status.value for status in among]
        return self.get("/api/v1/incidents", status=states, service=service, limit=PAGE, cursor=cursor)

    def timeline(self, incident: str) -> dict[str, Any]:
        """The whole timeline, as the API tells one page of it."""
        whole: dict[str, Any] = {"entries": [], "next_after": 0, "complete": True}
        while whole["next_after"] is not None:
            path = f"/api/v1/incidents/{incident}/timeline"
            page = self.get(path, after=whole["next_after"], limit=TIMELINE_PAGE).json()
            whole = {**page, "entries": whole["entries"] + page["entries"]}
        return whole

    def who(self, given: str | None) -> str:
        """The id of who acts.

        Raises:
            Told: nobody was named; with those there are.
        """
        if person := given or self.settings.person:
            return person
        known = ", ".join(person["id"] for person in self.get("/api/v1/people").json())
        raise Told("Who does this? Say --as somebody, or set MIDWATCH_AS.", f"Known are {known}.")

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        answer = self._send(method, path, **request)
        if answer.is_success:
            return answer
        raise refusal(answer, self.settings)

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            with waiting(f"Waiting for {self.settings.url}"):
                try:
                    return self.http.request(method, path, **request)
                except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                    return self.http.request(method, path, **request)
        except (httpx.TransportError, httpx.InvalidURL) as fault:
            raise unreachable(self.settings, fault) from None


def refusal(answer: httpx.Response, settings: Caller) -> Told:
    """What the API said against it: the reason or, where there are some, each fault on a line of its own."""
    try:
        body = answer.json()
        detail, faults = str(body["detail"]), body.get("faults") or []
    except (ValueError, KeyError, TypeError):
        return Told(
            f"{settings.url} answered {answer.status_code}, and not as Midwatch does.", code=UNREACHABLE
        )
    if answer.status_code == 401:
        return Told(f"{detail} (the token was read from {settings.token_place})")
    return Told(*(map(_plain, faults) if faults else [detail]))


def _plain(fault: dict[str, str]) -> str:
    """A fault of a request as one of a command."""
    if fault["message"] == "Field required":
        return f"--{fault['path'].replace('_', '-')} is needed"
    return f"{fault['path']}: {fault['message']}"


def unreachable(settings: Caller, fault: Exception) -> Told:
    """That nobody answers, what was tried and what may help."""
    if isinstance(fault, httpx.ReadTimeout):
        slow = f"{settings.url} took longer than {TIMEOUT.read:g} s to answer."
        return Told(slow, "It may have been done all the same: look before you repeat it.", code=UNREACHABLE)
    why = str(fault) or type(fault).__name__
    return Told(
        f"Midwatch does not answer at {settings.url} ({why}).",
        "Start it with `midwatch up`, or set MIDWATCH_URL to where it is.",
        code=UNREACHABLE,
    )


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show a person that something is awaited, once it takes long."""
    status = Console(stderr=True).status(text)
    timer = threading.Timer(SPINNER_AFTER, status.start)
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        status.stop()


def entries(timeline: dict[str, Any]) -> list[Entry]:
    """The entries of a timeline."""
    return [Entry.model_validate(cleaned(entry)) for entry in timeline["entries"]]


def _meant(named: str, incidents: Sequence[IncidentReport]) -> list[IncidentReport]:
    exact = [one for one in incidents if named == one.reply_code]
    return exact or [one for one in incidents if one.id.startswith(named)]


def _line(report: IncidentReport) -> str:
    return f"  {report.reply_code}  {report.id}  {report.severity} {report.status.value}: {report.title}"
