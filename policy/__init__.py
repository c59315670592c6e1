"""What should happen: pure functions from data and a time to data. No clock, no I/O, no Temporal."""
