"""Time, compressed: the same policy with shorter waits, for drills and tests."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.organisation import Organisation

SHORTEST = timedelta(seconds=2)
"""Below two seconds a durable timer is late by more than its own length is worth."""


BY_THE_CALENDAR = ("schedules", "integrations", "rest")
"""What counts in days and weeks whatever happens: who is on call does not change hands faster in a drill."""


def compressed(organisation: Organisation, factor: float, *, aftermath: float | None = None) -> Organisation:
    """The organisation with every wait divided by `factor`, none of them under `SHORTEST` unless it
    already was. What counts from the resolution in days is divided by `aftermath` instead, where that is
    given. Who is paged, by which method and in which order stays as it is."""
    whole = organisation.model_dump()
    quick = {**_squeezed(whole, factor), **{part: whole[part] for part in BY_THE_CALENDAR}}
    if aftermath is not None:
        quick["postmortems"] = _squeezed(whole["postmortems"], aftermath)
        for name, severity in whole["severities"].items():
            quick["severities"][name]["published_within"] = _squeezed(severity["published_within"], aftermath)
    return Organisation.model_validate(quick)


def _squeezed(value: Any, factor: float) -> Any:
    if isinstance(value, timedelta):
        return min(value, max(value / factor, SHORTEST))
    if isinstance(value, Mapping):
        return {key: _squeezed(inner, factor) for key, inner in value.items()}
    return [_squeezed(inner, factor) for inner in value] if isinstance(value, list | tuple) else value
