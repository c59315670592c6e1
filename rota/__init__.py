"""What a process knows of the organisation and of who is on call, kept up to date while it runs."""

from rota.configured import Standing
from rota.rota import Rota

__all__ = ["Rota", "Standing"]
