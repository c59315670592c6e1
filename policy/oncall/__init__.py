"""Who is on call, at any moment and why: layers, turns, hours, calendars, overrides (spec 2.1)."""

from policy.oncall.entries import schedule_of
from policy.oncall.shifts import layer_shifts, on_call, shifts
from policy.oncall.stretches import Stretch, stretches

__all__ = ["Stretch", "layer_shifts", "on_call", "schedule_of", "shifts", "stretches"]
