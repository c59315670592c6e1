"""Invitations for people's calendars, beside the documents that they are about (spec 9.3, 9.6)."""

import os
from datetime import UTC, timedelta
from pathlib import Path

from icalendar import Calendar, Event, vCalAddress, vText
from temporalio import activity

from domain import aftermath_jobs
from domain.aftermath_jobs import Guest, WriteInvitation
from domain.jobs import Written
from policy import document as documents

_TITLES = {"meeting": "Postmortem", "review": "Action item review"}


class InvitationActivities:
    """Invitations in the data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._directory = data_dir / "docs" / "postmortems"

    @activity.defn(name=aftermath_jobs.WRITE_INVITATION)
    def write_invitation(self, work: WriteInvitation) -> Written:
        """Write an .ics file; a meeting that was moved keeps its identity, so that calendars move it."""
        self._directory.mkdir(parents=True, exist_ok=True)
        name = f"{documents.filename(work.report)}-{work.report.id.rpartition('.')[2]}-{work.kind}.ics"
        path = self._directory / name
        draft = path.with_suffix(".draft")
        draft.write_bytes(_calendar(work).to_ical())
        os.replace(draft, path)
        return Written(path=str(path))


def _calendar(work: WriteInvitation) -> Calendar:
    report = work.report
    begins = work.begins_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"{work.kind}-{report.id}@midwatch")
    event.add("sequence", work.sequence)
    event.add("dtstamp", work.written_at.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=work.minutes))
    event.add("summary", f"{_TITLES[work.kind]}: {report.severity} {report.title}")
    about = report.postmortem.document if report.postmortem else None
    event.add("description", f"Incident {report.id}. Postmortem: {about or 'not written yet'}")
    if work.organiser and (organiser := _address(work.organiser)):
        event.add("organizer", organiser)
    for guest in work.guests:
        if address := _address(guest):
            address.params["rsvp"] = vText("TRUE")
            event.add("attendee", address)
    calendar = Calendar()
    calendar.add("prodid", "-//Midwatch//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    return calendar


def _address(guest: Guest) -> vCalAddress | None:
    """Calendars know people by their address; who has none is told by message alone."""
    if not guest.email:
        return None
    address = vCalAddress(f"mailto:{guest.email}")
    address.params["cn"] = vText(guest.name)
    return address
