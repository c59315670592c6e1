"""What can stand in the way of running everything; each message says what to do."""


class StackFault(Exception):
    """The stack cannot be started as it is asked for."""


class ProcessFault(StackFault):
    """A child died before it was ready, or was not ready in time; the message ends with its log's tail."""


class TemporalFault(StackFault):
    """The Temporal server cannot be used as it is."""
