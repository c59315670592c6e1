"""A rehearsal: the real workflow against a made-up world, with time skipped (spec 11.2)."""
