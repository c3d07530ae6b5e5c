"""The law behind a situation's releases: facts in our own words, each with the source that was read for it.

They come from its optional `law.toml`. A situation without one has no page about a law.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import msgspec

from pipelines.core.situation import SituationError, TomlStruct, read_toml

FILE: Final = "law.toml"
Text = Annotated[str, msgspec.Meta(min_length=1)]
Address = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+\S*$")]


class LawText(TomlStruct, frozen=True):
    """One text in every language; without Portuguese its readers see the Spanish one."""

    es: Text
    en: Text
    pt: Text | None = None


class LawSource(TomlStruct, frozen=True):
    """Where a fact was read. `published` is left out where the copy that was read prints no day."""

    publisher: Text
    url: Address
    published: date | None = None


class LawFact(TomlStruct, frozen=True):
    """One fact; `read_on` is the day on which its source was read for it."""

    text: LawText
    source: LawSource
    read_on: date


class Section(TomlStruct, frozen=True):
    """Facts that answer one question."""

    title: LawText
    item: Annotated[list[LawFact], msgspec.Meta(min_length=1)]


class Law(TomlStruct, frozen=True):
    """All that the page about the law tells."""

    title: LawText
    lead: LawText
    section: Annotated[list[Section], msgspec.Meta(min_length=1)]


def read_law(folder: Path) -> Law | None:
    """Read `law.toml`; None where the situation has none.

    Raises SituationError with the file and key at fault, and on a source read before it was published.
    """
    path = folder / FILE
    if not path.exists():
        return None
    law = read_toml(path, Law)
    for number, section in enumerate(law.section):
        for position, item in enumerate(section.item):
            where = f"{path}: section[{number}].item[{position}]"
            if item.source.published is not None and item.read_on < item.source.published:
                raise SituationError(
                    f"{where}: read on {item.read_on}, before it was published on {item.source.published}"
                )
    return law


def list_facts(situation: str, folder: Path) -> list[tuple[object, ...]]:
    """The facts of one situation in their order, as the table `law` holds them. Raises SituationError."""
    law = read_law(folder)
    if law is None:
        return []
    return [
        (
            situation,
            *_list_languages(law.title),
            *_list_languages(law.lead),
            number,
            *_list_languages(section.title),
            position,
            *_list_languages(item.text),
            item.source.publisher,
            item.source.url,
            item.source.published,
            item.read_on,
        )
        for number, section in enumerate(law.section, start=1)
        for position, item in enumerate(section.item, start=1)
    ]


def _list_languages(said: LawText) -> tuple[str, str, str | None]:
    return said.es, said.en, said.pt
