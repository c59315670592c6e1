"""What the carrier tells us. Every request proves its signature first (spec 13.2)."""
