"""Cited pages are read again: from a server whose pages changed, moved or vanished, and from saved pages."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.core.paths import DataDir, hash_file
from pipelines.intake.prose.extraction import extract
from pipelines.intake.recheck import cited_pages
from pipelines.warehouse import published_build
from tests.conftest import row, rows_of
from tests.pipelines.intake.crawler.server import Behaviour, Server, redirect, reply, status
from tests.pipelines.intake.recheck.conftest import Recheck, cites, page, proposals, readings, save

SILENT = page().replace("contabiliza 800 personas", "habla de muchas personas")
ELSEWHERE = (
    "<html><body><article><p>"
    + "Portada del diario con otras noticias del país. " * 30
    + "</p></article></body></html>"
)
NAMED = "Zutanito Inventado Perengano"


CASES: dict[str, tuple[Behaviour, str, str, str]] = {  # path: what it answers, verdict, field, phrase
    "/says-so-still": (reply(page(800)), "states_it", "", "▸800◂"),
    "/in-words": (reply(page("ochocientas")), "states_it", "", "▸ochocientas◂"),
    "/was-changed": (reply(page(790)), "states_something_else", "value=790", "▸790◂"),
    "/another-count": (
        reply(page(790, words="Al 5 de enero de 2026 La Lista contabilizó 800 presos políticos.")),
        "states_something_else",  # both readers come to it, and it clears the bar
        "measure=in_custody",
        "▸800◂ presos políticos",
    ),
    "/perhaps-another-count": (
        reply(page(790, words="La Lista habla de 800 salidas.")),
        "states_it",  # with what to look at: what a reader is not sure of is nothing else
        "",
        "▸800◂ salidas",
    ),
    "/says-nothing": (reply(SILENT), "does_not_state_it", "", ""),
    "/was-emptied": (reply("<html><p>Gracias por su visita.</p></html>"), "unreachable", "", ""),
    "/has-no-text": (reply("<html><body></body></html>"), "unreachable", "", ""),
    "/vanished": (status(404), "unreachable", "", ""),
    "/leads-to-the-front-page": (redirect("/"), "unreachable", "", ""),
    "/is-of-another-type": (reply(b"{}", "application/json"), "unreachable", "", ""),
    "/yields-an-error": (status(500), "unreachable", "", ""),  # last: its host is left alone for a while
}


def test_what_a_page_says_today_is_proposed_with_its_phrase(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    assert asking.exists()
    server.paths |= {path: case[0] for path, case in CASES.items()} | {"/": reply(ELSEWHERE)}
    measures = {"/another-count": "released_to_date"}
    rows = [cites(f"{server.url}{path}", measure=measures.get(path, "in_custody")) for path in CASES]
    done = recheck(rows)
    found = {each["url"].removeprefix(server.url): each for each in proposals(data)}
    assert set(found) == set(CASES)
    for path, (_, verdict, otherwise, phrase) in CASES.items():
        told = found[path]
        field = f"{told['field']}={told['should_be']}" if told["field"] else ""
        assert (path, told["verdict"], field) == (path, verdict, otherwise)
        assert phrase in told["phrase"], path
        assert bool(told["phrase"]) == bool(phrase), path
        assert told["look"] or path in ("/says-so-still", "/in-words", "/was-changed"), path
        assert told["confirmed"] == "", path
    assert readings(data) == []
    assert done.exit_code == 3


def test_another_count_is_proposed_as_something_else_where_the_reader_is_sure(
    data: DataDir, folder: Path, recheck: Recheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        cited_pages, "extract", lambda *asked: [replace(each, auto=True) for each in extract(*asked)]
    )
    text = page(790, words="Al 5 de enero de 2026 La Lista contabilizó 800 presos políticos.")
    save(folder, "https://diario.example/1", text)
    recheck([cites("https://diario.example/1", measure="released_to_date")], "--from", str(folder))
    (found,) = proposals(data)
    assert (found["verdict"], found["field"], found["should_be"]) == (
        "states_something_else", "measure", "in_custody",
    )  # fmt: skip


def test_a_page_that_moved_is_read_where_it_stands_now(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    assert asking.exists()
    server.paths |= {"/old": redirect("/new", 301), "/new": reply(page(800))}
    recheck([cites(f"{server.url}/old")])
    (found,) = proposals(data)
    assert (found["verdict"], found["address"]) == ("states_it", f"{server.url}/new")


def test_robots_txt_is_asked_first_and_obeyed(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    assert asking.exists()
    server.paths |= {
        "/robots.txt": reply("User-agent: *\nDisallow: /private/\n", "text/plain"),
        "/private/a": reply(page(800)),
    }
    done = recheck([cites(f"{server.url}/private/a")])
    (found,) = proposals(data)
    assert (found["verdict"], done.exit_code) == ("unreachable", 3)
    assert "robots.txt of 127.0.0.1 does not allow it" in found["look"]
    assert server.count("/private/a") == 0
    assert server.asked[0][1]["User-Agent"].startswith("Liberometro/")


def test_each_page_is_asked_once_for_all_its_figures_and_not_again_on_the_same_day(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    assert asking.exists()
    server.paths |= {"/a": reply(page(800)), "/gone": status(404)}
    rows = [cites(f"{server.url}/a", value) for value in (800, 801)] + [cites(f"{server.url}/gone")]
    recheck(rows)
    recheck(rows)
    assert (server.count("/a"), server.count("/gone")) == (1, 1)
    assert [(each["value"], each["verdict"]) for each in proposals(data)] == [
        ("800", "states_it"),
        ("801", "states_something_else"),
        ("800", "unreachable"),
    ]


def test_without_a_contact_nothing_is_asked(server: Server, asking: Path, recheck: Recheck) -> None:
    text = asking.read_text(encoding="utf-8").replace("https://islandia.example", "")
    asking.write_text(text, encoding="utf-8")
    done = recheck([cites(f"{server.url}/a")])
    assert done.exit_code == 2
    assert "set `contact`" in done.stderr
    assert server.asked == []


def test_a_host_that_was_asked_enough_waits_for_another_run(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    asking.write_text(
        asking.read_text(encoding="utf-8").replace("[limits]", "[limits]\nper_host = 2"), encoding="utf-8"
    )
    server.paths |= {f"/{number}": reply(page(800)) for number in range(3)}
    done = recheck([cites(f"{server.url}/{number}") for number in range(3)])
    assert done.exit_code == 3
    assert "2 pages wait for a later run" in done.output
    assert len(proposals(data)) == 1


def test_a_copy_in_the_inbox_is_read_instead_of_asking_again(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    from typer.testing import CliRunner

    from pipelines.__main__ import app

    kept = data.root / "report.txt"
    kept.write_text("La Lista contabilizó este lunes 800 presos políticos.", encoding="utf-8")
    words = ("read", str(kept), "--published", "2026-01-05", "--publisher", "El Diario")
    CliRunner().invoke(app, [*words, "--url", f"{server.url}/a", "--data-dir", str(data.root)])
    assert asking.exists()
    done = recheck([cites(f"{server.url}/a")])
    assert (done.exit_code, server.asked) == (0, [])
    assert [each["verdict"] for each in proposals(data)] == ["states_it"]


def test_saved_pages_are_found_by_name_or_by_index_and_nothing_is_asked(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    named = save(folder, "https://www.diario.example/2026/01/notas?id=7", page(800))
    assert named.name == "diario.example_2026_01_notas_id_7.html"
    (folder / "other.txt").write_text("La Lista contabilizó el lunes 801 presos políticos.", encoding="utf-8")
    with (folder / "pages.csv").open("w", newline="") as handle:
        csv.writer(handle).writerows([("address", "file"), ("http://diario.example/b/", "other.txt")])
    rows = [
        cites("https://www.diario.example/2026/01/notas?id=7"),
        cites("https://diario.example/b", 801),
        cites("https://diario.example/c"),
    ]
    done = recheck(rows, "--from", str(folder))
    found = {each["url"]: each for each in proposals(data)}
    assert [found[each["url"]]["verdict"] for each in rows] == ["states_it", "states_it", "unreachable"]
    assert found[rows[0]["url"]]["sha256"] == hash_file(named)
    assert found[rows[2]["url"]]["look"] == "it is not in the folder"
    assert done.exit_code == 3


@pytest.mark.parametrize("file", ["nowhere.html", "../sheet.csv"])
def test_an_index_that_names_no_file_of_the_folder_is_refused(
    folder: Path, recheck: Recheck, file: str
) -> None:
    (folder / "pages.csv").write_text(f"address,file\nhttps://diario.example/1,{file}\n", encoding="utf-8")
    done = recheck([row()], "--from", str(folder))
    assert done.exit_code == 2
    assert f"row 2: there is no file '{file}'" in done.stderr


def test_a_number_in_the_title_or_in_a_table_is_found_and_marked_for_a_look(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    titled = SILENT.replace("<title>Informe</title>", "<title>1.800 personas, según la lista</title>")
    save(folder, "https://diario.example/1", titled)
    recheck([cites("https://diario.example/1", 1800)], "--from", str(folder))
    (found,) = proposals(data)
    assert (found["verdict"], "▸1.800◂" in found["phrase"]) == ("states_it", True)
    assert "outside the article" in found["look"]


def test_a_number_inside_a_longer_one_is_not_found(data: DataDir, folder: Path, recheck: Recheck) -> None:
    save(
        folder,
        "https://diario.example/1",
        SILENT.replace("Informe</title>", "Ley 12.800, 1800.5 y 80012</title>"),
    )
    recheck([cites("https://diario.example/1")], "--from", str(folder))
    assert [each["verdict"] for each in proposals(data)] == ["does_not_state_it"]


def test_a_front_page_that_changed_withdraws_nothing(data: DataDir, folder: Path, recheck: Recheck) -> None:
    save(folder, "https://diario.example/", page(790))
    recheck([cites("https://diario.example/")], "--from", str(folder))
    (found,) = proposals(data)
    assert (found["verdict"], found["look"]) == ("unreachable", "the address is a front page, which changes")


def test_what_the_rules_read_otherwise_is_named(data: DataDir, folder: Path, recheck: Recheck) -> None:
    text = page(800).replace("contabiliza 800", "contabiliza más de 800")
    save(folder, "https://diario.example/1", text)
    recheck([row()], "--from", str(folder))
    (found,) = proposals(data)
    assert (found["verdict"], "qualifier more_than there, not exact" in found["look"]) == ("states_it", True)


def test_no_name_and_no_number_of_a_person_is_kept_or_shown(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    words = f"Entre las 800 personas está {NAMED}, cuyo teléfono es 0414-123.45.67, dijo su familia."
    text = (
        f"<html><article><p>{words}</p><p>{'El balance se publica cada semana. ' * 20}</p></article></html>"
    )
    save(folder, "https://diario.example/1", text)
    done = recheck([row()], "--from", str(folder), "--by", "mg", input="q\n")
    (found,) = proposals(data)
    assert "▸800◂" in found["phrase"]
    for part in (*NAMED.split(), "123.45.67"):
        assert part not in done.output + str(found)


def test_an_address_that_a_page_moved_to_is_cut_where_it_names_somebody(
    data: DataDir, server: Server, asking: Path, recheck: Recheck
) -> None:
    assert asking.exists()
    slug = "/" + "-".join(NAMED.lower().split())
    server.paths |= {
        "/old": redirect(slug, 301),
        slug: reply(page(800, words=f"Su hermano {NAMED} espera desde enero.")),
    }
    done = recheck([cites(f"{server.url}/old")])
    assert [each["address"] for each in proposals(data)] == [f"{server.url}/"]
    assert "zutanito" not in done.output


def test_a_withheld_figure_is_read_again_as_its_sheet_states_it(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    few = row(value=3, breakdown="age=adolescent")
    text = page(800, words="Entre ellas hay 3 adolescentes, según La Lista.")
    save(folder, "https://diario.example/1", text)
    done = recheck([row(), few], "--from", str(folder), "--by", "mg", input="y\ny\n")
    assert done.exit_code == 0, done.output
    assert {each["value"] for each in readings(data)} == {"800", "3"}
    with published_build.open_current(data) as con:
        assert len(rows_of(con, "verifications")) == 2


def test_a_corrected_figure_is_read_again_as_corrected_and_named_as_its_sheet_states_it(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    """A number is corrected where its page says another: the page need not state the number of before."""
    save(folder, "https://diario.example/1", page(806))
    (data.situation("islandia") / "corrections.toml").write_text(
        '[[correction]]\nwhere = { organisation = "lista" }\nfield = "value"\nexpected = 800\n'
        'corrected = 806\nreason = "el boletín dice 806"\ndecided = 2026-02-01\n'
    )
    done = recheck([row()], "--from", str(folder), "--by", "mg", input="y\n")
    assert done.exit_code == 0, done.output
    assert [(each["value"], each["verdict"]) for each in readings(data)] == [("800", "states_it")]
    with published_build.open_current(data) as con:
        assert [each["value"] for each in rows_of(con, "statements")] == [806]
        assert [each["checked"] for each in rows_of(con, "statements")] == ["read_again"]
