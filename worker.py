"""The worker: settings, clients, activities, and the two queues it serves."""

import asyncio
import gc
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import configuration
import settings as configuration_of_process
from activities.action_items import ActionItemActivities
from activities.chat import ChatActivities
from activities.conversation import SlackChat
from activities.documents import DocumentActivities
from activities.invitations import InvitationActivities
from activities.phone import PhoneActivities
from activities.rest import RestActivities
from activities.roster import RosterActivities
from activities.slack_pages import SlackPages
from activities.status_page import StatusPageActivities
from activities.timeline import TimelineActivities
from activities.webhooks import WebhookActivities
from domain.messages import PHONE_QUEUE, WORK_QUEUE
from domain.organisation import Organisation
from domain.people import Person
from integrations.slack import Slack
from integrations.temporal import connect_patiently
from integrations.twilio import TwilioCarrier
from integrations.webhooks import Webhooks
from policy.opening import person_of
from rota import Rota
from settings import Settings
from storage.engine import make_engine
from workflows.incident import IncidentWorkflow
from workflows.postmortem import PostmortemWorkflow
from workflows.rest import RestWorkflow
from workflows.review import ActionItemReviewWorkflow
from workflows.schedules import ensure_schedules
from workflows.sweep import OverdueSweepWorkflow

log = structlog.get_logger()

SANDBOX = SandboxedWorkflowRunner(
    # Loading our own rooms anew for each incident cost more than the call it delays. That no decision reads a
    # clock or throws a coin is proved where time does not matter: the tests load all of them anew.
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "domain", "policy", "workflows", "pydantic", "phonenumbers", "holidays"
    )
)
"""Workflow code runs sandboxed, always."""

AT_ONCE = 8
"""Workflow tasks under way at the same time. Python runs one of them at a time: more would only wait."""

GRACE = timedelta(seconds=5)
"""How long what is under way may take to end when the worker is asked to stop."""


async def serve(
    settings: Settings, client: Client, stop: asyncio.Event, workflow: type = IncidentWorkflow
) -> None:
    """Work on incidents, as `workflow` runs them, until `stop` is set."""
    engine = make_engine(settings.database_url.get_secret_value())
    rota = _rota(settings, engine)
    carrier = TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        from_number=settings.twilio_from_number,
        public_url=settings.public_url,
        api_url=settings.twilio_api_url,
    )
    slack: Slack | None = None
    if settings.slack_bot_token:
        slack = Slack(token=settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)
    items = ActionItemActivities(engine, lambda: _people(rota))
    documents = DocumentActivities(engine, settings.data_dir)
    pages = SlackPages(slack)
    webhooks = Webhooks(settings.webhook_secret.get_secret_value())
    phone = PhoneActivities(carrier, engine)
    talk = SlackChat(slack, status_page=f"{settings.public_url}/status") if slack else None
    chat = ChatActivities(carrier, talk, engine)
    resting = RestActivities(engine, rota, carrier, talk, settings.public_url) if rota else None
    rest: list[Callable[..., Any]] = [resting.offer_rest, resting.tell_rest_offer] if resting else []
    with ThreadPoolExecutor(max_workers=8) as threads:
        work = Worker(
            client,
            task_queue=WORK_QUEUE,
            workflows=[
                workflow,
                PostmortemWorkflow,
                ActionItemReviewWorkflow,
                OverdueSweepWorkflow,
                RestWorkflow,
            ],
            activities=[
                phone.send_sms,
                phone.look_up_page,
                phone.hang_up,
                phone.leave_message,
                chat.converse,
                chat.notify,
                StatusPageActivities(engine).publish_update,
                TimelineActivities(engine).write_timeline,
                documents.write_document,
                documents.write_postmortem,
                documents.write_review,
                items.store_items,
                items.find_overdue,
                items.mark_reminded,
                InvitationActivities(settings.data_dir).write_invitation,
                RosterActivities(rota).who_is_on_call,
                pages.send_slack,
                pages.withdraw_slack,
                *rest,
                WebhookActivities(webhooks).call_webhook,
            ],
            activity_executor=threads,
            workflow_runner=SANDBOX,
            max_concurrent_workflow_tasks=AT_ONCE,
            graceful_shutdown_timeout=GRACE,
        )
        calls = Worker(
            client,
            task_queue=PHONE_QUEUE,
            activities=[phone.place_call],
            max_task_queue_activities_per_second=settings.phone_calls_per_second,
            graceful_shutdown_timeout=GRACE,
        )
        # What is loaded by now stays: no incident waits while it is searched for garbage.
        gc.collect()
        gc.freeze()
        watching = [asyncio.create_task(rota.run())] if rota else []
        try:
            async with work, calls:
                print("worker ready", flush=True)
                if rota:
                    await _schedule(client, rota.organisation)
                await stop.wait()
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            await carrier.close()
            engine.dispose()


def _rota(settings: Settings, engine: Engine) -> Rota | None:
    """Who is on call, by the configuration as it is. Faults in it stop nothing here: running incidents carry
    their rules with them, and have to go on being paged."""
    try:
        return Rota(settings.config_path, engine, settings.data_dir, environ=settings.calendars)
    except configuration.Faults as faults:
        log.error("the configuration has faults; working without it", faults=str(faults))
        return None


def _people(rota: Rota | None) -> Mapping[str, Person]:
    """Everybody of the configuration, as it is at this moment."""
    organisation = rota.organisation if rota else None
    return {name: person_of(organisation, name) for name in organisation.people} if organisation else {}


async def _schedule(client: Client, organisation: Organisation) -> None:
    """Have what recurs done; a server that cannot do it now is no reason not to page."""
    try:
        await ensure_schedules(client, organisation)
    except (RPCError, RuntimeError) as fault:
        log.error("what recurs is not scheduled", error=str(fault))


async def main() -> None:
    """Connect, for as long as it takes, and work until the process is asked to stop."""
    settings = configuration_of_process.load()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    connecting = asyncio.create_task(connect_patiently(settings))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        await serve(settings, connecting.result(), stop)
    connecting.cancel()
    stopping.cancel()


if __name__ == "__main__":
    asyncio.run(main())
