"""How postmortem and review turn away what cannot be done, each in the same words and shape."""

from temporalio.exceptions import ApplicationError

from domain.aftermath_acts import FollowingUp
from domain.incident import Status
from policy.follow_ups import item_lacks
from workflows.aftermath.live import AftermathT, LiveAftermath


def check(live: LiveAftermath[AftermathT], asked: FollowingUp, status: Status, reason: str | None) -> None:
    """Refuse what is impossible for this reason, and an action item with each of its lacks.

    Raises:
        ApplicationError: `impossible` with the incident's status, or `lacking` with every lack as a pair of
            field and mend (spec 9.5).
    """
    if asked.source_id in live.state.answers:
        return
    if reason:
        raise ApplicationError(reason, status.value, type="impossible")
    if lacking := item_lacks(live.state, asked, live.now()):
        text = "; ".join(f"{lack.field}: {lack.mend}" for lack in lacking)
        raise ApplicationError(text, [[lack.field, lack.mend] for lack in lacking], type="lacking")
