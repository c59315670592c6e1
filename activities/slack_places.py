"""Where people and channels are in Slack. What was found is remembered, to spare requests; forgetting all of
it is harmless."""

from datetime import timedelta

from integrations.slack import Slack, SlackRefusal

CLOCK_SLACK = timedelta(minutes=5)
"""How far Slack's clock may be from ours when its history is searched."""

MOVED = ("channel_not_found", "is_archived", "not_in_channel")
"""Refusals that may mean no more than that what is remembered of a place is out of date."""


class Places:
    """The places of one workspace. Every method raises `SlackAway` or `SlackRefusal`."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._users: dict[str, str] = {}
        self._direct: dict[str, str] = {}
        self._channels: dict[str, str] = {}

    async def user(self, email: str) -> str | None:
        """Somebody's user id. Only what was found is remembered: people join."""
        if email not in self._users and (user := await self._slack.user_by_email(email)):
            self._users[email] = user
        return self._users.get(email)

    async def direct(self, email: str) -> str | None:
        """The channel of direct messages with somebody; None if they are not in Slack."""
        user = await self.user(email)
        if user and user not in self._direct:
            self._direct[user] = await self._slack.direct(user)
        return self._direct.get(user or "")

    async def channel(self, name: str) -> str | None:
        """The channel of this name, with us in it; None if there is none."""
        if name not in self._channels:
            found = await self._slack.named(name)
            if found is None or found.get("is_archived"):
                return None
            if not found.get("is_member"):
                await self._slack.join(found["id"])
            self._channels[name] = str(found["id"])
        return self._channels[name]

    async def made(self, name: str) -> str:
        """The channel of this name, which is made if there is none."""
        if name not in self._channels:
            try:
                self._channels[name] = str((await self._slack.create(name))["id"])
            except SlackRefusal as refusal:
                if refusal.error != "name_taken" or await self.channel(name) is None:
                    raise
        return self._channels[name]

    def forget(self) -> None:
        """Look for every channel again."""
        self._direct.clear()
        self._channels.clear()
