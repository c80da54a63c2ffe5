"""Papers are made in the county of the findings of custody."""

from tests.custody.conftest import base, county

__all__ = ["base", "county"]
