"""The duty to leave a document: written when the incident is resolved, from what was stored (spec 9.1)."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.jobs import WRITE_DOCUMENT, WriteDocument, Written
from domain.timeline import Kind
from workflows.live_incident import LiveIncident

PAUSE = timedelta(seconds=30)


async def document(live: LiveIncident) -> None:
    """Write the document as soon as the whole timeline is stored; again after each further resolution."""
    state = live.state
    while True:
        await workflow.wait_condition(
            lambda: state.document_due and not state.timeline.pending and not live.draining
        )
        try:
            written = await live.job(
                WRITE_DOCUMENT,
                WriteDocument(report=live.report()),
                Written,
                summary="write the incident document",
                timeout=timedelta(seconds=30),
            )
        except ActivityError:
            await workflow.sleep(PAUSE, summary="the document could not be written")
            continue
        if state.document_due:
            first = state.document != written.path
            state.document, state.document_due = written.path, False
            live.changed()
            if first:
                live.log(Kind.DOCUMENT, f"Incident document written: {written.path}", path=written.path)
