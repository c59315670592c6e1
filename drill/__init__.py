"""A whole incident, played on the real system with simulated phones, and judged by what came of it."""
