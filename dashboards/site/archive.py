"""Earlier builds: what each said of each figure stays, and its page says what became of it.

`builds/<id>/figures.csv` is written when a build is first published and carried on from publish to publish; a
small cell that is withheld today is withheld in the archive as well, and so is a part of which today's
build tells another number or none: only what its audit has seen may stand beside it. What is pinned lies
there too, and `archive_disclosure` says what becomes of that.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from dashboards.exhibits import exhibit, news_entries
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from dashboards.site import archive_disclosure, urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder
from dashboards.site.pages import embeds
from dashboards.site.render import Page
from dashboards.text import amounts, labels
from pipelines.core.formulas import mark_formula, unmark_formula

FIGURES: Final = "figures.csv"
ABOUT: Final = "build.json"
OWN: Final = (FIGURES, ABOUT, archive_disclosure.CELLS)
HEADS: Final = ("as_of", "who", "what", "before", "after", "why_changed")
STATED: Final = ("qualifier", "value", "value_high")  # what a change is a change of
SCHEMA: Final[dict[str, Any]] = {
    "figure_id": pl.String, "claim_id": pl.String, "organisation": pl.String, "measure": pl.String,
    "kind": pl.String, "population": pl.String, "breakdown": pl.String, "period_start": pl.Date,
    "window_basis": pl.String, "as_of": pl.Date, "as_of_precision": pl.String, "qualifier": pl.String,
    "value": pl.Int64, "value_high": pl.Int64, "published": pl.Date, "publisher": pl.String, "url": pl.String,
}  # fmt: skip


def carry_over(out: Path, folder: Folder, edition: Edition) -> frozenset[str]:
    """Take the archive of the site at `out` into the new folder; returns the paths of its pinned files.

    What shows a cell that is withheld today is masked (figures) or replaced (charts).
    """
    hidden = archive_disclosure.find_hidden(edition)
    kept: list[str] = []
    for build in sorted(path for path in (out / "builds").glob("*") if path.is_dir()):
        kept += _carry_build(build, folder, edition, hidden)
    return frozenset(kept)


def _carry_build(build: Path, folder: Folder, edition: Edition, hidden: set[str]) -> list[str]:
    """One build of the archive. The files of the edition's own are written anew, and are the same."""
    paths = {
        f"builds/{build.name}/{path.relative_to(build).as_posix()}": path
        for path in sorted(build.rglob("*"))
        if path.is_file() and not (build.name == edition.build.id and path.name in OWN)
    }
    cells = build / archive_disclosure.CELLS
    known = archive_disclosure.read_shown(cells.read_text(encoding="utf-8") if cells.is_file() else None)
    pinned = {name: path.name.split(".")[0] for name, path in paths.items() if path.parent.parent == build}
    if (build / FIGURES).is_file():
        figures = _read_csv((build / FIGURES).read_bytes())
        if build.name != edition.build.id:
            hidden = hidden | claim_rows.find_untold(edition.build, edition.first.situation_id, figures)
        archive_disclosure.note_withheld(
            known, figures["figure_id"], sorted(set(pinned.values())), hidden, edition.day.isoformat()
        )
    for name, path in paths.items():
        if path.name == FIGURES:
            folder.write(name, write_csv(_mask(_read_csv(path.read_bytes()), hidden)))
        elif pinned.get(name) in known.replaced and name.endswith(embeds.OEMBED):
            continue  # its title may tell what is withheld
        elif pinned.get(name) in known.replaced:
            folder.write(name, archive_disclosure.make_notice(edition, name, known.replaced[pinned[name]]))
        elif path.name != archive_disclosure.CELLS:
            folder.keep(path, name)
    if build.name != edition.build.id:
        folder.write(f"builds/{build.name}/{archive_disclosure.CELLS}", known.written())
    return list(paths)


def read_current(edition: Edition) -> pl.DataFrame:
    """What this build says: one row a statement that stands, under its figure's id."""
    frame = claim_rows.read_statements(edition.build, edition.first.situation_id)
    return frame.filter(pl.col("standing") == "stands").select(
        [pl.col(name).cast(kind) for name, kind in SCHEMA.items()]
    )


def record_current(edition: Edition, folder: Folder) -> None:
    """What this build says, for the publishes to come."""
    build = edition.build
    about = {
        "build": build.id,
        "built_at": build.built_at,
        "situation": edition.first.situation_id,
        "licence": "CC BY 4.0",
    }
    folder.write(f"builds/{build.id}/{FIGURES}", write_csv(read_current(edition)))
    folder.write(f"builds/{build.id}/{ABOUT}", json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    archive_disclosure.record_shown(edition, folder)


def list_builds(folder: Folder) -> list[dict[str, Any]]:
    """Every build of the archive, the newest first."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.root.glob(f"builds/*/{ABOUT}")]
    return sorted(found, key=lambda each: (each["built_at"], each["build"]), reverse=True)


def make_pages(edition: Edition, view: View, folder: Folder) -> Iterator[Page]:
    """A page for each build, and the list of them."""
    words, known = view.words, list_builds(folder)
    picture = urls.make_picture_path(view.language, "builds")
    now = read_current(edition)
    rows = []
    for each in known:
        build = each["build"]
        then = _read_csv((folder.root / f"builds/{build}/{FIGURES}").read_bytes())
        changes = [] if build == edition.build.id else list(_list_changes(view, then, now))
        day = f"{words.minute(each['built_at'])} UTC"
        newer = now.join(then, on="figure_id", how="anti")["figure_id"].n_unique()
        path = urls.make_build_path(view.language, build)
        rows.append((path, build, day, then.height, len(changes), newer))
        yield Page(
            "build.html",
            view.language,
            path,
            title=words("site.build_title", build=build),
            description=words("site.build_lead", day=day),
            listed=build == edition.build.id,
            picture=picture,
            context={
                "build": build, "day": day, "count": then.height, "changes": changes, "newer": newer,
                "is_current": build == edition.build.id, "file": f"builds/{build}/{FIGURES}",
                "heads": [words(f"table.{name}") for name in HEADS],
            },
        )  # fmt: skip
    yield Page(
        "builds.html",
        view.language,
        urls.make_page_path(view.language, "builds/index"),
        title=words.about("site.builds_title", view.situation),
        description=words("site.builds_lead"),
        picture=picture,
        context={"rows": rows},
    )


def _list_changes(view: View, then: pl.DataFrame, now: pl.DataFrame) -> Iterator[tuple[Cell, ...]]:
    """Figures whose statements are not what they were: what was said then, what is said now, and why."""
    before, after = _group_by_figure(then), _group_by_figure(now)
    was = news_entries.find_earlier_figures(view)
    for figure, rows in before.items():
        current_rows = after.get(figure, [])
        if _list_stated(rows) == _list_stated(current_rows):
            continue
        yield (
            labels.tell_short_moment(rows[0], view.words) if rows[0]["as_of"] else view.words("no_day"),
            view.names.get(rows[0]["organisation"], rows[0]["organisation"]),
            exhibit.name_counted_thing(view, rows[0]),
            [amounts.tell_amount(row, view.words) for row in rows],
            [
                Link(amounts.tell_amount(row, view.words), f"claims?claim={row['claim_id']}", outside=False)
                for row in current_rows
            ]
            or view.words("site.gone"),
            _explain_change(view, rows, current_rows, was),
        )


def _explain_change(
    view: View, then: list[dict[str, Any]], now: list[dict[str, Any]], was: dict[str, news_entries.Earlier]
) -> str:
    words = view.words
    if not now:
        return words("site.why_gone")
    if any(row["value"] is None for row in now):
        return words("parts.withheld")
    known = [was[row["claim_id"]].text for row in now if row["claim_id"] in was]
    if known:
        return " ".join(known)
    newest = max(now, key=lambda row: (row["published"], row["claim_id"]))
    key = "site.why_beside" if len(now) > len(then) else "site.why_restated"
    return words(key, publisher=view.publisher(newest["publisher"]), day=words.short_day(newest["published"]))


def _group_by_figure(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.sort("figure_id", "published", "claim_id").to_dicts():
        found.setdefault(row["figure_id"], []).append(row)
    return found


def _list_stated(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in STATED) for row in rows), key=str)


def _mask(frame: pl.DataFrame, hidden: set[str]) -> pl.DataFrame:
    shown = ~pl.col("figure_id").is_in(sorted(hidden))
    return frame.with_columns(pl.when(shown).then(pl.col(name)).alias(name) for name in STATED)


def write_csv(frame: pl.DataFrame) -> bytes:
    """Figures in a fixed order; a text that could be a formula has an apostrophe before it."""
    told = frame.sort("figure_id", "published", "claim_id").to_dicts()
    rows = [{name: mark_formula(value) for name, value in row.items()} for row in told]
    return pl.DataFrame(rows, schema=SCHEMA).write_csv().encode()


def _read_csv(written: bytes) -> pl.DataFrame:
    told = pl.read_csv(io.BytesIO(written), schema=pl.Schema(SCHEMA)).to_dicts()
    rows = [{name: unmark_formula(value) for name, value in row.items()} for row in told]
    return pl.DataFrame(rows, schema=SCHEMA)
