"""The shipped policy packs and an example organisation."""
