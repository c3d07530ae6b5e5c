"""`sources.toml`: what a situation collects from, who asks, and how gently. Read strictly."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from pipelines.core.file_limits import DEFAULT
from pipelines.core.paths import ROOT
from pipelines.core.privacy import PersonalRules
from pipelines.core.settings_check import check_file
from pipelines.core.situation import SituationError, TomlStruct
from pipelines.intake.crawler.address_guard import parse_place
from pipelines.intake.crawler.crawl_state import RefusedError

FILE: Final = "sources.toml"
_CONTACT: Final = r"https?://[!-'*-~]+|[!-'*-?A-~]+@[!-'*-?A-~]+\.[!-'*-?A-~]+"  # no space, no brackets

Positive = Annotated[float, msgspec.Meta(gt=0)]
Host = Annotated[str, msgspec.Meta(pattern="^[a-z0-9.:-]+$")]
Count = Annotated[int, msgspec.Meta(ge=1)]


class SourcesError(SituationError):
    """`sources.toml` is missing or wrong; the message names the key and what to change."""


class RequestLimits(TomlStruct, frozen=True):
    """How much is asked of others' servers, and how much they may ask of this machine."""

    delay_seconds: Annotated[float, msgspec.Meta(ge=0)] = 5.0  # between two requests to one host, at least
    per_host: Count = 30  # requests to one host in one run
    per_run: Count = 200  # reports fetched in one run
    attempts: Count = 3  # for one address in one run
    patience_seconds: Positive = 120.0  # a host that wants a longer pause is left for a later run
    redirects: Count = 5
    connect_seconds: Positive = 10.0
    read_seconds: Positive = 20.0  # for a server that falls silent
    total_seconds: Positive = 60.0  # for one answer, however it trickles
    feed_bytes: Count = DEFAULT.feed_bytes
    report_bytes: Count = DEFAULT.report_bytes


class Source(TomlStruct, frozen=True):
    """A feed, an index page whose links are articles, or a list of pages that change."""

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9_-]*$")]
    kind: Literal["feed", "index", "pages"]  # a sitemap of news is a feed
    publisher: str
    url: str | None = None  # of the feed or of the index page
    pages: list[str] = []
    links: str | None = None  # index: regular expression that an article's whole address must match
    about: str | None = None  # only entries whose address, title or summary match this (case is ignored)
    language: str | None = None
    enabled: bool = True
    rhythm_days: Count | None = None  # how often it usually publishes; None: silence is never an alert
    max_age_days: Count = 30  # older entries are not fetched
    undated: Literal["hold", "retrieved"] = (
        "hold"  # a report without a date: wait, or take the day it was got
    )
    ports: list[int] = []  # beside 80 and 443
    hosts: list[Host] = []  # other sites on which its documents stand

    def is_own_host(self, host: str) -> bool:
        """Whether a host is this source's: its own with or without www, one below it, or a listed one."""
        own = (parse_place(url, self.ports).host for url in filter(None, (self.url, *self.pages)))
        bare = host.removeprefix("www.")
        sites = [site.removeprefix("www.") for site in (*own, *self.hosts)]
        return any(bare == site or bare.endswith(f".{site}") for site in sites)


class PublicArchive(TomlStruct, frozen=True):
    """A public archive that is asked for copies of cited documents; without an address none is."""

    address: str = ""  # such as https://web.archive.org
    per_run: Count = 20  # documents that a run asks for
    delay_seconds: Annotated[float, msgspec.Meta(ge=0)] = 10.0  # between any two requests to it
    wait_seconds: Annotated[float, msgspec.Meta(ge=0)] = 180.0  # for copies that are not finished yet


class Sources(TomlStruct, frozen=True):
    """The whole file."""

    agent: Annotated[str, msgspec.Meta(pattern="^[A-Za-z][A-Za-z0-9_-]*$")] = "Liberometro"
    contact: str = ""  # e-mail or web address of who runs this collector; without it nothing is asked
    limits: RequestLimits = RequestLimits()
    archive: PublicArchive = PublicArchive()
    source: list[Source] = []

    @property
    def asked(self) -> list[Source]:
        """The sources that are read: all but those switched off, and none without a contact."""
        return [source for source in self.source if source.enabled and self.contact]

    @property
    def user_agent(self) -> str:
        """Name, version and contact, so that a publisher can find who asks."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return f"{self.agent}/{project['version']} (+{self.contact})"


def read_sources(folder: Path) -> Sources:
    """Read a situation's `sources.toml`. Raises SourcesError with the key at fault."""
    path = folder / FILE
    try:
        sources = msgspec.toml.decode(path.read_bytes(), type=Sources)
    except FileNotFoundError as error:
        raise SourcesError(f"{path}: the file is missing; docs/collect.md shows what goes in") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SourcesError(f"{path}: {error}") from error
    check_file(path, PersonalRules())
    names = [source.name for source in sources.source]
    for source in sources.source:
        if names.count(source.name) > 1:
            raise SourcesError(f"{path}: source {source.name!r} is given twice")
        _check_source(path, source)
    must_say = sources.contact or sources.archive.address
    if must_say and not re.fullmatch(_CONTACT, sources.contact, re.ASCII):
        raise SourcesError(
            f"{path}: set `contact` to an e-mail or web address of yours: publishers must be able to "
            "reach who reads their pages"
        )
    return sources


def _check_source(path: Path, source: Source) -> None:
    where = f"{path}: source {source.name!r}"
    if (source.kind == "pages") != bool(source.pages) or (source.kind != "pages") != bool(source.url):
        raise SourcesError(f"{where}: kind 'pages' takes `pages`, the kinds 'feed' and 'index' take `url`")
    if (source.kind == "index") != (source.links is not None):
        raise SourcesError(f"{where}: `links` belongs to kind 'index', and an index needs it")
    for pattern in filter(None, (source.links, source.about)):
        try:
            re.compile(pattern)
        except re.error as error:
            raise SourcesError(f"{where}: {pattern!r} is no regular expression ({error})") from error
    for url in filter(None, (source.url, *source.pages)):
        try:
            parse_place(url, source.ports)
        except RefusedError as error:
            raise SourcesError(f"{where}: {url}: {error}") from error


def find_silence_limit(source: Source) -> timedelta | None:
    """How long a source may go without anything new: twice its rhythm. None where no rhythm is known."""
    return timedelta(days=2 * source.rhythm_days) if source.rhythm_days else None
