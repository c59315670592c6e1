"""An organisation's configuration, from its YAML files to one checked model."""

from configuration.faults import Fault, Faults
from configuration.load import PACKS, Examined, examine, load
from configuration.source import Source, Spot, files, read

__all__ = ["PACKS", "Examined", "Fault", "Faults", "Source", "Spot", "examine", "files", "load", "read"]
