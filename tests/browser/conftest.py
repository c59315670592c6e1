"""The pages of the whole system need the whole system: the same town that `tests/whole` has."""

from tests.whole.conftest import the_town, town

__all__ = ["the_town", "town"]
