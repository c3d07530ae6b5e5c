"""A small build whose situation has a channel, with what readers asked of it; and what a link says."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation
from tests.pipelines.warehouse.test_questions import answered, asked, write_questions

MAIL = 'mail = "fallas@grupo.example"'
FORM = 'form = "https://encuestas.example/f?n=7&t={text}"'
ISSUES = 'issues = "https://git.example/a/b/issues/new?title={subject}&body={text}"'
LEFT = {"measure": "released_to_date", "period_start": "2026-01-08"}
ROWS = [
    row(value=1806, as_of="2026-01-05", published="2026-01-05"),
    row(value=1591, as_of="2026-02-15", published="2026-02-15"),
    row(**LEFT, value=400, as_of="2026-02-08", published="2026-02-08"),
    row(**LEFT, value=464, as_of="2026-02-15", published="2026-02-15"),
    row(value=3, breakdown="age=adolescent", as_of="2026-02-15", published="2026-02-15"),
]


def set_channel(data: DataDir, channel: str) -> None:
    """Name the channel of the situation, in place of another; empty is none."""
    path = data.situation("islandia") / "situation.toml"
    text = path.read_text(encoding="utf-8").partition("\n[questions]")[0]
    path.write_text(f"{text}\n[questions]\n{channel}\n" if channel else text, encoding="utf-8")


def write_data(root: Path, channel: str) -> DataDir:
    """A published build of ROWS with questions: of a figure, of a small part of it, and of a chart."""
    data = DataDir(root)
    folder = write_situation(root)
    write_sheet(folder / "transcriptions" / "sheet.csv", ROWS)
    write_readings(folder, ROWS)
    set_channel(data, channel)
    build.build(data, today=TODAY)
    write_questions(
        data,
        asked(1, page="", figure_id=find_figure(data), question_en="Was it not 1,519?"),
        asked(2, page="", chart="held", asked="2026-11-12", question_es="El gráfico no se ve."),
        asked(3, page="", figure_id=find_figure(data, "age=adolescent"), question_es="¿No son 2?"),
        answered(1, reason_es="El boletín dice 1.591.", link="https://diario.example/1"),
        answered(3, answered="2026-11-14", reason_es="La fuente dice 3."),
    )
    build.build(data, today=TODAY)
    return data


def find_figure(data: DataDir, breakdown: str = "total") -> str:
    """The id of the newest number in custody of a breakdown."""
    with published_build.open_current(data) as con:
        (found,) = con.sql(
            "SELECT figure_id FROM figures WHERE measure = 'in_custody' AND breakdown = $breakdown "
            "AND as_of = DATE '2026-02-15'",
            params={"breakdown": breakdown},
        ).fetchall()
    return str(found[0])


def read_link(link: str) -> str:
    """What a link writes: the subject, where it has one, and the text, as the channel reads them."""
    parts = urlsplit(link)
    if parts.scheme == "mailto":
        assert parts.path == "fallas@grupo.example"
        fields = dict(each.split("=") for each in parts.query.split("&"))
        return "\n".join(unquote(fields[name]).replace("\r\n", "\n") for name in ("subject", "body"))
    stated = parse_qs(parts.query, strict_parsing=True)
    return "\n".join([*stated.get("title", []), *stated.get("body", []), *stated.get("t", [])])
