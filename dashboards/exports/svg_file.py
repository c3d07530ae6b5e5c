"""SVG: the picture with its record in `<metadata>`, as Dublin Core in RDF and as JSON."""

import json
from copy import deepcopy
from typing import Any, Final

from lxml import etree

from dashboards.exports import content
from dashboards.exports.imprint import Imprint
from dashboards.exports.picture import SVG
from dashboards.view import LICENCE_URL

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC: Final = "http://purl.org/dc/elements/1.1/"
CC: Final = "http://creativecommons.org/ns#"
OWN: Final = "urn:liberometro"
_SPACES: Final = {"rdf": RDF, "dc": DC, "cc": CC, "lm": OWN}


def written(picture: etree._Element, imprint: Imprint, held: dict[str, Any]) -> bytes:
    """The file. `held` is what it holds beside the imprint's lines."""
    record = content.sealed({**imprint.record(), **held, "format": "svg"}, body(picture))
    whole = deepcopy(picture)
    whole.insert(0, _metadata(imprint, record))
    written: bytes = etree.tostring(whole, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def body(picture: etree._Element) -> bytes:
    """The picture without its metadata, in the one form that equal pictures share."""
    bare = deepcopy(picture)
    for each in bare.findall(f"{{{SVG}}}metadata"):
        bare.remove(each)
    form: bytes = etree.tostring(bare, method="c14n2")
    return form


def record_of(picture: etree._Element) -> str | None:
    """The JSON of the record that a picture carries; None where there is none."""
    text: str | None = picture.findtext(f"{{{SVG}}}metadata/{{{OWN}}}record")
    return text


def _metadata(imprint: Imprint, record: dict[str, Any]) -> etree._Element:
    metadata = etree.Element(f"{{{SVG}}}metadata", nsmap=_SPACES)
    work = etree.SubElement(etree.SubElement(metadata, f"{{{RDF}}}RDF"), f"{{{CC}}}Work")
    work.set(f"{{{RDF}}}about", imprint.address)
    said = {
        "title": f"{imprint.situation_name}. {imprint.title}",
        "description": imprint.summary,
        "creator": imprint.project,
        "source": imprint.source,
        "date": imprint.as_of or imprint.day,
        "language": imprint.language,
        "format": "image/svg+xml",
        "identifier": record["sha256"],
        "rights": f"{imprint.licence} {LICENCE_URL}",
        "relation": f"build {imprint.build}",
    }
    for name, text in said.items():
        etree.SubElement(work, f"{{{DC}}}{name}").text = text
    etree.SubElement(work, f"{{{CC}}}license").set(f"{{{RDF}}}resource", LICENCE_URL)
    etree.SubElement(metadata, f"{{{OWN}}}record").text = json.dumps(record, ensure_ascii=False)
    return metadata
