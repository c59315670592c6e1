"""The automated response, asked for."""

from temporalio import activity

from domain.jobs import CALL_WEBHOOK, CallWebhook, Told
from integrations.webhooks import Webhooks


class WebhookActivities:
    """What repairs by itself is somebody else's program."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    @activity.defn(name=CALL_WEBHOOK)
    async def call_webhook(self, work: CallWebhook) -> Told:
        """Tell it what is wrong (spec 3.1). Whether it helped is for the alert to prove."""
        return await self._webhooks.call(work.url, work.key, work.report)
