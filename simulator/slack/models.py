"""The bodies that the control API of Slack takes: people, what they do, and Slack's mood."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
Values = dict[str, dict[str, Any]]


def _regex(written: str) -> str:
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return written


class Strict(BaseModel):
    """Refuses fields it does not know: a misspelt mood must not pass for none."""

    model_config = ConfigDict(extra="forbid")


class Auto(Strict):
    """A habit: clicks what has an action id that `on` matches in full, `after` seconds after it appears.

    At most `times` clicks in all, and one for each button of each message. It looks where this person is a
    member, with `anywhere` in every public channel. `value` chooses among several: a button's value, or what
    to pick in a select. If a modal opens by the click, `submit` ({block_id: {action_id: value}}) is filled in
    and sent.
    """

    on: Annotated[str, AfterValidator(_regex)]
    after: Seconds = 0.5
    times: Annotated[int, Field(ge=1)] = 1
    anywhere: bool = False
    value: str | None = None
    submit: Values | None = None


class UserSetup(Strict):
    """A person in the workspace, and their habits."""

    name: Text
    email: Text
    auto: list[Auto] = []


class ChannelSetup(Strict):
    """A channel that people made themselves. Everybody in `members` must be known."""

    members: list[str] = []
    is_private: bool = False


class SlackMood(Strict):
    """How Slack treats calls of its Web API: the next `for_next`, or all from now on; of `method`, or of any.

    `method` is `response_url` for what is posted there. `hang` waits so many seconds before anything is done;
    who gives up sooner has had nothing done. `lose_answers` does what it is asked and closes the connection
    without a word.
    """

    fail_with: Annotated[int, Field(ge=400, le=599)] | None = None
    hang: Seconds = 0.0
    rate_limit: bool = False
    retry_after: Annotated[int, Field(ge=0)] = 1
    error: Text | None = None
    lose_answers: bool = False
    method: Text | None = None
    for_next: Annotated[int, Field(ge=1)] | None = None


class Click(Strict):
    """A button pressed, or something picked in a select: on a message, or in a view (modal or home)."""

    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None
    action_id: str
    value: str | None = None


class Submit(Strict):
    """A modal sent off; what `values` does not name keeps its initial value."""

    view_id: str
    values: Values = {}


class CloseView(Strict):
    """A modal closed by hand."""

    view_id: str


class Command(Strict):
    """A slash command."""

    channel: str
    command: Annotated[str, Field(pattern=r"^/\S+$")]
    text: str = ""


class Say(Strict):
    """A message; `@name` mentions a person or the application."""

    channel: str
    text: Text
    thread_ts: str | None = None
