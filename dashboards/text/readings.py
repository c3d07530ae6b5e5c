"""How figures were read again, in words; who carried a figure; each statement and what decided."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from dashboards.i18n.rich_text import Link, Part
from dashboards.i18n.translations import Words
from dashboards.queries import claim_rows, database
from dashboards.queries.view import View
from dashboards.text import amounts, archived_copies, labels
from pipelines.core.model import Qualifier

Row = Mapping[str, Any]
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_WAYS: Final = {"transcriptions": "person", "reports": "mapping"}  # the folder that holds what was read


def compose_share(view: View) -> str:
    """How many figures of a situation were read again by the view's day, in the source or a copy, and how
    many withdrawn; empty where it has none.
    """
    words, found = view.words, claim_rows.read_quality(view.build, view.situation_id, view.known_on)
    if found is None:
        return ""
    read, copy, withdrawn = found["read_again"], found["read_again_in_copy"], found["withdrawn"]
    counts = {
        "read": read,
        "copy": copy,
        "none": found["figures"] - read - copy - withdrawn,
        "withdrawn": withdrawn,
    }
    told = {name: words.number(count) for name, count in counts.items()}
    return words("claims.read", share=words.percent(read / found["figures"]), **told)


def tell_readings(view: View, rows: Iterable[Row]) -> dict[str, str]:
    """Claim → whether it, or the statement that it leads, was read again; rows hold `checked` and its day."""
    rows = list(rows)
    unstated = tuple(sorted({row["claim_id"] for row in rows if row["checked"] is None}))
    found = claim_rows.list_readings(view.build, view.situation_id, unstated) if unstated else {}
    counting = {claim: [each for each in mine if not each["overtaken"]] for claim, mine in found.items()}
    return {row["claim_id"]: _tell_row(view, row, counting.get(row["claim_id"], [])) for row in rows}


def _tell_row(view: View, row: Row, found: list[dict[str, Any]]) -> str:
    words = view.words
    if row["checked"] is not None:
        return words(f"checked.{row['checked']}", day=words.short_day(row["checked_on"]))
    return compose_reading(view, found[0]) if found else words("checked.none")


def compose_reading(view: View, reading: Row) -> str:
    """What one reading (a row of `readings_of_claims.sql`) found, and when."""
    words, verdict = view.words, reading["verdict"]
    day = words.short_day(reading["checked_on"])
    if verdict == "states_it":
        return words("checked.read_again", day=day)
    if verdict == "carrier_states_it":
        return words("checked.read_again_in_copy", day=day)
    if verdict == "address_states_it":
        return words("checked.read_in_address", day=day)
    if verdict != "states_something_else":
        return words(f"verdict.{verdict}", day=day)
    if reading["field"] is None:  # of a small cell only that it was wrong is kept
        return words("verdict.states_otherwise", day=day)
    field = words(f"field.{reading['field']}")
    should_be = _tell_should_be(view, reading["field"], reading["should_be"])
    if should_be is None:
        return words("verdict.states_field_otherwise", day=day, field=field)
    return words(f"verdict.{verdict}", day=day, field=field, should_be=should_be)


def _tell_should_be(view: View, field: str, text: str) -> str | None:
    """What the source says instead, as readers say it; None where that is a code of ours (`as_of_basis`)."""
    words, situation = view.words, view.situation
    if field in ("value", "value_high"):
        return words.number(int(text))
    if field in ("as_of", "published", "period_start"):
        return words.day(date.fromisoformat(text))
    if field == "breakdown":
        return words.breakdown(text, situation.breakdown_labels)
    if field == "organisation":
        return view.names.get(text, text)
    if field == "population" and text in situation.populations:
        return words.of(situation.populations[text])
    if field == "qualifier":
        return words("verdict.exact") if text == Qualifier.EXACT else _tell_hedge(words, text)
    return words(f"{field}.{text}") if field in ("measure", "provenance") else None


def _tell_hedge(words: Words, qualifier: str) -> str:
    """A qualifier without its number: más de …"""
    if qualifier == Qualifier.RANGE:
        return words("qualifier.range", low="…", high="…")
    return words(f"qualifier.{qualifier}", value="…")


def tell_way(view: View, file: str) -> str:
    """How a figure came from its source into the data, by the file that holds it."""
    words, by = view.words, view.situation.signed_by
    if by is not None:
        return words("reading.way_signed", group=by.group)
    place = PurePosixPath(file)
    if place.suffix.lower() in _PICTURES:
        return words("reading.way_picture")
    return words(f"reading.way_{_WAYS.get(place.parts[0], 'program')}")


def list_carriers(view: View, claims: Iterable[Row]) -> list[list[Part]]:
    """Each publication of a figure (`claims_listed.sql`): where, when, if it only repeats, what a person
    corrected in it and why, each reading.
    """
    words, claims = view.words, list(claims)
    ids = tuple(sorted({claim["claim_id"] for claim in claims}))
    found = claim_rows.list_readings(view.build, view.situation_id, ids) if ids else {}
    shown = [claim["claim_id"] for claim in claims if not claim["suppressed"]]
    corrected = tell_corrections(view, shown)
    copies = archived_copies.tell_copies(view, (claim["url"] for claim in claims))
    told: list[list[Part]] = []
    for claim in sorted(claims, key=lambda row: (row["published"], row["claim_id"])):
        day = words("reading.published", day=words.day(claim["published"]))
        grade = words(f"provenance.{claim['provenance']}")
        head = f"{amounts.tell_amount(claim, words)}, {grade}, {day}, {tell_way(view, claim['file'])}"
        parts: list[Part] = [Link(view.publisher(claim["publisher"]), claim["url"]), head]
        if labels.is_repeat(claim):
            parts.append(words("mark.repeat"))
        parts += corrected.get(claim["claim_id"], [])
        readings = found.get(claim["claim_id"], [])
        for number, reading in enumerate(readings):
            said = (
                f"{compose_reading(view, reading)}; {words('reading.by', who=_name_reader(words, reading))}"
            )
            if reading["overtaken"]:
                said = words("reading.overtaken", reading=said)
            elif number:
                said = words("reading.replaced", reading=said)
            parts.append(said)
            parts += _link_sources(view, reading)
        parts += [] if any(not each["overtaken"] for each in readings) else [words("checked.none")]
        told.append([*parts, *copies.get(claim["url"], [])])
    return told


def tell_corrections(view: View, claims: Iterable[str]) -> dict[str, list[str]]:
    """Claim → each correction of it: when, which field, from what to what, and why; no other claims."""
    asked = {"situation": view.situation_id, "claims": sorted(set(claims))}
    told: dict[str, list[str]] = {}
    for row in database.ask(view.build, "figure_corrections", **asked).to_dicts() if asked["claims"] else ():
        told.setdefault(row["claim_id"], []).append(tell_correction(view, row))
    return told


def tell_correction(view: View, row: Row) -> str:
    """One correction (a row of `figure_corrections.sql`) in words."""
    words = view.words
    return words(
        "figure.corrected",
        day=words.day(row["decided"]),
        field=words(f"field.{row['field']}"),
        expected=row["expected"] or words("figure.nothing"),
        corrected=row["corrected"] or words("figure.nothing"),
        reason=labels.tell_reason(row, words),
    )


def _name_reader(words: Words, reading: Row) -> str:
    """Who read it: as they signed, or a role that the catalogues know in words."""
    signed: str = reading["checked_by"]
    return words(f"reader.{signed}") if words.has(f"reader.{signed}") else signed


def list_statements(view: View, history: Iterable[Row]) -> list[list[Part]]:
    """Each statement about one moment: its figure, what became of it, what decided, and where it is from."""
    words, told = view.words, list[list[Part]]()
    for row in history:
        standing, why = labels.tell_standing(row, words), words(f"why.{row['why_standing']}")
        decided = standing if why in standing else words("standing.because", standing=standing, why=why)
        parts: list[Part] = [f"{amounts.tell_amount(row, words)}. {decided}"]
        if row["doubt"]:
            parts.append(labels.tell_doubt(row, words))
        told.append([*parts, Link(view.publisher(row["publisher"]), row["url"])])
    return told


def _link_sources(view: View, reading: Row) -> list[Part]:
    """Links to what was read, and to its archived copy."""
    words, links = view.words, list[Part]()
    if reading["address"]:
        host = urlsplit(reading["address"]).hostname or reading["address"]
        links.append(Link(words("reading.read_at", host=host), reading["address"]))
    if reading["archive"] and urlsplit(reading["archive"]).hostname in view.situation.archive_hosts:
        links.append(Link(words("reading.archived"), reading["archive"]))
    return links
