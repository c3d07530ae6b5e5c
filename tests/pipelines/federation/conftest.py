"""Another group's signed folder, and our own data beside a copy of it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dashboards.site import output_folder, signing
from dashboards.site.edition import open_edition
from dashboards.site.pages import data as data_pages
from pipelines.core.paths import DataDir
from pipelines.core.signatures import write_pem
from pipelines.federation.taking import FILE, Taken, take_all
from pipelines.intake.crawler.polite_client import Outside
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation
from tests.dashboards.site.conftest import ROWS, small_data

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = "islandia_de_otros"
SAID = (
    "organisation, measure, population, breakdown, baseline, period_start, as_of, qualifier, value, "
    "value_high, "
    "published, standing, why_standing, doubt, checked, checked_on, corrected, carriers, origins"
)


def write_signed(data: DataDir, out: Path, key: Ed25519PrivateKey | None = KEY) -> None:
    """The data of a published site, signed; its pages are another matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIBEROMETRO_DATA", str(data.root))
        edition = open_edition(None, day=TODAY)
        with output_folder.open_folder(out) as folder:
            data_pages.write_files(edition, folder)
            signing.sign_folder(folder, key)


@pytest.fixture(scope="session")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A group's data folder, and beside it the folder that it published and signed."""
    root = tmp_path_factory.mktemp("theirs")
    write_signed(small_data(root / "data", ROWS), root / "published")
    return root


@pytest.fixture
def ours(tmp_path: Path, theirs: Path) -> DataDir:
    """Our own data, and a copy of the other group's published folder beside it."""
    data = DataDir(tmp_path / "data")
    folder = write_situation(data.root)
    rows = [row(value=each) for each in (810, 805)]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(data, today=TODAY)
    shutil.copytree(theirs / "published", tmp_path / "published")
    (data.root / "their.pem").write_bytes(write_pem(KEY.public_key()))
    name_group(data, "../published")
    return data


def name_group(data: DataDir, address: str) -> None:
    (data.root / FILE).write_text(
        f'[[group]]\nid = "{NAME}"\ngroup = "Los otros"\naddress = "{address}"\nkey = "their.pem"\n',
        encoding="utf-8",
    )


def take(data: DataDir, later: timedelta = timedelta(), outside: Outside | None = None) -> Taken:
    (taken,) = take_all(data, datetime.now(UTC) + later, outside or Outside())
    return taken


def statements(data: DataDir, situation: str) -> list[tuple[object, ...]]:
    with published_build.open_current(data) as con:
        stated = con.table("statements").filter(
            (duckdb.ColumnExpression("situation") == duckdb.ConstantExpression(situation))
            & (duckdb.ColumnExpression("suppressed") == duckdb.ConstantExpression(False))
        )
        return stated.project(SAID).order("ALL").fetchall()


def change(folder: Path, path: str) -> None:
    content = bytearray((folder / path).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / path).write_bytes(content)


def sign_anew(
    ours: DataDir,
    change_file: Callable[[bytes], bytes],
    name: str = "settings.json",
    out: str = "hostile",
    key: Ed25519PrivateKey = KEY,
) -> None:
    """The other group publishes another file of this name, and signs it; its address leads there."""
    published = ours.root.parent / "published"
    with output_folder.open_folder(ours.root.parent / out) as folder:
        for path in sorted(published.rglob("*")):
            if path.is_file() and path.name not in (*signing.OUTSIDE, "PUBLIC-KEY.pem"):
                content = path.read_bytes()
                content = change_file(content) if path.name == name else content
                folder.write(path.relative_to(published).as_posix(), content)
        signing.sign_folder(folder, key)
    name_group(ours, f"../{out}")
