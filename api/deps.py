"""What handlers work with: made once when the application starts, handed to them by type."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.incidents import IncidentGateway
from api.past import Past
from domain.organisation import Organisation
from rota import Rota
from settings import Settings


@dataclass(frozen=True)
class Parts:
    """The application's parts."""

    settings: Settings
    rota: Rota
    incidents: IncidentGateway
    past: Past

    @property
    def organisation(self) -> Organisation:
        """The configuration as it is in force now; it may change between two requests."""
        return self.rota.organisation


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _organisation(request: Request) -> Organisation:
    return _parts(request).organisation


def _incidents(request: Request) -> IncidentGateway:
    return _parts(request).incidents


def _past(request: Request) -> Past:
    return _parts(request).past


PartsDep = Annotated[Parts, Depends(_parts)]
OrganisationDep = Annotated[Organisation, Depends(_organisation)]
IncidentsDep = Annotated[IncidentGateway, Depends(_incidents)]
PastDep = Annotated[Past, Depends(_past)]
