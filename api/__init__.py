"""The HTTP side: alerts in, incidents read and steered, the carrier's callbacks."""
