"""Collecting: feeds and page lists of `sources.toml` are read politely and safely, kept, read and queued.

The network is only touched in `transfer`; every address it connects to went through `addresses` first.
"""

from pipelines.collect.client import Outside
from pipelines.collect.errors import CollectError, FailedError, PostponedError, RefusedError
from pipelines.collect.listing import Outcome
from pipelines.collect.reading import Desk
from pipelines.collect.round import Round, collect
from pipelines.collect.sources import SourcesError, read_sources

__all__ = [
    "CollectError",
    "Desk",
    "FailedError",
    "Outcome",
    "Outside",
    "PostponedError",
    "RefusedError",
    "Round",
    "SourcesError",
    "collect",
    "read_sources",
]
