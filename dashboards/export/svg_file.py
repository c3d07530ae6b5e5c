"""SVG: the picture with its record in `<metadata>`, as Dublin Core in RDF and as JSON."""

import json
from copy import deepcopy
from typing import Any, Final

from lxml import etree

from dashboards.export import provenance
from dashboards.export.picture import SVG
from dashboards.export.provenance import FileContent, FileProvenance, make_content
from dashboards.queries.view import LICENCE_URL

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC: Final = "http://purl.org/dc/elements/1.1/"
CC: Final = "http://creativecommons.org/ns#"
OWN: Final = "urn:liberometro"
_SPACES: Final = {"rdf": RDF, "dc": DC, "cc": CC, "lm": OWN}


def write(picture: etree._Element, facts: FileProvenance, held: dict[str, Any]) -> bytes:
    """The file. `held` is what it holds beside the facts."""
    record = provenance.seal_record({**facts.record(), **held, "format": "svg"}, make_canonical_body(picture))
    whole = deepcopy(picture)
    whole.insert(0, _make_metadata(facts, record))
    written: bytes = etree.tostring(whole, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def make_canonical_body(picture: etree._Element) -> bytes:
    """The picture without its metadata, in the one form that equal pictures share."""
    bare = deepcopy(picture)
    for each in bare.findall(f"{{{SVG}}}metadata"):
        bare.remove(each)
    form: bytes = etree.tostring(bare, method="c14n2")
    return form


def find_record(picture: etree._Element) -> str | None:
    """The JSON of the record that a picture carries; None where there is none."""
    text: str | None = picture.findtext(f"{{{SVG}}}metadata/{{{OWN}}}record")
    return text


def _make_metadata(facts: FileProvenance, record: dict[str, Any]) -> etree._Element:
    metadata = etree.Element(f"{{{SVG}}}metadata", nsmap=_SPACES)
    work = etree.SubElement(etree.SubElement(metadata, f"{{{RDF}}}RDF"), f"{{{CC}}}Work")
    work.set(f"{{{RDF}}}about", facts.address)
    said = {
        "title": f"{facts.situation_name}. {facts.title}",
        "description": facts.summary,
        "creator": facts.project,
        "source": facts.source,
        "date": facts.as_of or facts.day,
        "language": facts.language,
        "format": "image/svg+xml",
        "identifier": record["sha256"],
        "rights": f"{facts.licence} {LICENCE_URL}",
        "relation": f"build {facts.build}",
    }
    for name, text in said.items():
        etree.SubElement(work, f"{{{DC}}}{name}").text = text
    etree.SubElement(work, f"{{{CC}}}license").set(f"{{{RDF}}}resource", LICENCE_URL)
    etree.SubElement(metadata, f"{{{OWN}}}record").text = json.dumps(record, ensure_ascii=False)
    return metadata


def looks_like(data: bytes) -> bool:
    return provenance.get_start(data).startswith(b"<") and b"<svg" in data[:4096]


def read(data: bytes) -> FileContent:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    picture = etree.fromstring(data, parser)
    ours = "Liberómetro" in data.decode("utf-8", "replace")
    body = make_canonical_body(picture)
    return make_content("svg", find_record(picture), body, ours, only=_holds_only_ours(picture))


def _holds_only_ours(picture: etree._Element) -> bool:
    """Whether nothing stands beside the picture, and in its metadata nothing but what `write` puts there.

    A style, an instruction or an entity there would change what is seen and not what the checksum covers.
    """
    beside = [*picture.itersiblings(), *picture.itersiblings(preceding=True)]
    said = [each for held in picture.findall(f"{{{SVG}}}metadata") for each in held.iterdescendants()]
    spaces = tuple(f"{{{space}}}" for space in _SPACES.values())
    return (
        not beside
        and not picture.getroottree().docinfo.doctype
        and all(isinstance(each.tag, str) and each.tag.startswith(spaces) for each in said)
    )
