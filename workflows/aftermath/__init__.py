"""What postmortem and review of an incident have in common, and the duties of each."""
