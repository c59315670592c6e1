"""What the public sees: the status page, and the same as JSON."""
