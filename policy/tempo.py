"""Time, compressed: the same policy with shorter waits, for drills and tests."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.organisation import Organisation

SHORTEST = timedelta(seconds=2)
"""Below two seconds a durable timer is late by more than its own length is worth."""


def compressed(organisation: Organisation, factor: float) -> Organisation:
    """The organisation with every wait divided by `factor`, none of them under `SHORTEST` unless it
    already was. Who is paged, by which method and in which order stays as it is."""

    def squeeze(value: Any) -> Any:
        if isinstance(value, timedelta):
            return min(value, max(value / factor, SHORTEST))
        if isinstance(value, Mapping):
            return {key: squeeze(inner) for key, inner in value.items()}
        return [squeeze(inner) for inner in value] if isinstance(value, list | tuple) else value

    return Organisation.model_validate(squeeze(organisation.model_dump()))
