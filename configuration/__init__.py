"""An organisation's configuration, from its YAML files to one checked model."""

from configuration.faults import Fault, Faults
from configuration.load import load

__all__ = ["Fault", "Faults", "load"]
