"""The server for programs, over a real connection: what it answers, what it refuses, what it never says."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Timer
from typing import Any

import jsonschema
import pytest
from mcp import Client, MCPError
from mcp.types import CallToolResult

from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries.view import LICENCE_URL
from pipelines.core.paths import ROOT
from tests.conftest import TODAY, row
from tests.dashboards.mcp_server.conftest import ROWS, publish
from tests.dashboards.mcp_server.talking import COMMAND, Program, connect, surround, text_of

Ids = Mapping[str, str]
HELD, LEFT = "lista in_custody total", "lista released_to_date total"


def figures_in(content: Any) -> list[dict[str, Any]]:
    """Every figure of a structured answer, however deep."""
    if isinstance(content, list):
        return [each for part in content for each in figures_in(part)]
    if not isinstance(content, dict):
        return []
    own = [content] if "read_again" in content else []
    return own + [each for part in content.values() for each in figures_in(part)]


def list_calls(ids: Ids) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("list_situations", {}),
        ("read_headline", {}),
        ("list_figures", {"measure": "in_custody", "around": "2026-02-01"}),
        ("read_figure", {"figure": ids[f"{HELD} 2026-01-05"]}),
        ("look_up_number", {"number": "769"}),
        ("compare_figures", {"figure": ids[f"{HELD} 2026-01-05"], "other": ids[f"{HELD} 2026-02-01"]}),
        ("list_changes", {"since": "2026-01-01"}),
    ]


@pytest.mark.parametrize("language", list_languages())
def test_each_tool_answers_with_source_age_build_licence_and_caveats_as_its_schema_says(
    small: Program, ids: Ids, language: str
) -> None:
    calls = list_calls(ids)

    async def talk(client: Client) -> tuple[dict[str, Any], list[CallToolResult]]:
        schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        return schemas, [await client.call_tool(name, {**of, "language": language}) for name, of in calls]

    schemas, answers = small.talk(talk)
    assert schemas.keys() == {name for name, _ in calls}
    words = read_words(language)
    for (name, _), answer in zip(calls, answers, strict=True):
        content, text = answer.structured_content, text_of(answer)
        assert not answer.is_error, (name, text)
        jsonschema.validate(content, schemas[name], format_checker=jsonschema.FormatChecker())
        assert content["licence"] == LICENCE_URL
        assert content["build"] in text
        assert content["counted_to"] == TODAY.isoformat()
        assert words("glance.no_person") in content["caveats"]
        assert all(said in text for said in (*content["sentences"], *content["caveats"]))
        if name != "list_changes":
            assert figures_in(content), name
        for figure in figures_in(content):
            assert figure["publisher"] == "El Diario"
            assert figure["url"] == "https://diario.example/1"
            assert figure["url"] in text
            assert figure["age_days"] == (TODAY - date.fromisoformat(figure["as_of"])).days
            assert figure["sentence"] in text
            assert figure["figure_id"] in text


def test_a_headline_is_never_in_doubt_and_says_what_was_passed_over(small: Program) -> None:
    answer, every = small.ask(("read_headline", {"language": "en"}), ("list_situations", {"language": "en"}))
    assert "police station" not in text_of(every)  # true of some situations only
    held = answer.structured_content["held"]
    assert [each["value"] for each in held["figures"]] == [601]
    assert held["late"] is True
    assert "540" in held["passed_over"][0]
    assert held["passed_over"][0].startswith("In doubt")
    assert "does not mean free" in " ".join(answer.structured_content["caveats"])


def test_a_figure_in_doubt_is_listed_as_in_doubt(small: Program) -> None:
    (answer,) = small.ask(
        ("list_figures", {"measure": "in_custody", "around": "2026-03-25", "language": "en"})
    )
    told = {each["value"]: each["in_doubt"] for each in answer.structured_content["figures"]}
    assert told[540]
    assert told[601] is None
    assert "in doubt" in next(each for each in answer.structured_content["sentences"] if " 540 " in each)


def test_a_past_day_knows_only_what_had_been_published(small: Program, ids: Ids) -> None:
    then = {"known_on": "2026-02-05", "language": "en"}
    headline, listed, later, compared = small.ask(
        ("read_headline", then),
        ("list_figures", {"measure": "in_custody", **then}),
        ("read_figure", {"figure": ids[f"{HELD} 2026-03-15"], **then}),
        (
            "compare_figures",
            {"figure": ids[f"{HELD} 2026-01-05"], "other": ids[f"{HELD} 2026-03-15"], **then},
        ),
    )
    assert headline.structured_content["held"]["figures"][0]["value"] == 769
    assert headline.structured_content["known_on"] == "2026-02-05"
    assert headline.structured_content["held"]["figures"][0]["age_days"] == 4
    assert [each["value"] for each in listed.structured_content["figures"]] == [806, 769]
    assert later.structured_content["figures"] == []
    assert "601" not in text_of(later)
    assert compared.structured_content["refusal"] == "not_standing"
    assert "601" not in text_of(compared)


def test_two_figures_of_one_series_are_subtracted_and_the_difference_is_said_to_be_ours(
    small: Program, ids: Ids
) -> None:
    pair = {"figure": ids[f"{HELD} 2026-02-01"], "other": ids[f"{HELD} 2026-01-05"], "language": "en"}
    (answer,) = small.ask(("compare_figures", pair))
    content = answer.structured_content
    assert content["difference"] == {"outcome": "fell", "least": -37, "most": -37}
    assert content["refusal"] is None
    assert "37 people fewer" in content["sentences"][0]
    assert "computed by Liberómetro" in content["sentences"][1]
    assert [each["value"] for each in (*content["earlier"], *content["later"])] == [806, 769]


REFUSED = {
    "speaker": (f"{LEFT} 2026-02-15", "gobierno released_to_date total 2026-02-15", "454"),
    "break": (f"{HELD} 2026-02-01", f"{HELD} 2026-03-15", "168"),
    "withheld": (
        "lista in_custody age=adolescent 2026-02-01",
        "lista in_custody age=adolescent 2026-02-01",
        "3 ",
    ),
    "kind": (f"{HELD} 2026-02-01", f"{LEFT} 2026-02-15", "323"),
    "part": (f"{HELD} 2026-02-01", "lista in_custody sex=female 2026-02-01", "519"),
    "period": ("lista released total 2026-02-07", "lista released total 2026-02-14", "47"),
    "moment": (f"{HELD} 2026-02-01", f"{HELD} 2026-02-01", " 0 "),
    "in_doubt": (f"{HELD} 2026-03-15", f"{HELD} 2026-03-25", "61"),
}


@pytest.mark.parametrize("language", list_languages())
def test_what_does_not_compare_is_refused_in_words_and_without_the_difference(
    small: Program, ids: Ids, language: str
) -> None:
    calls = [
        ("compare_figures", {"figure": ids[one], "other": ids[other], "language": language})
        for one, other, _ in REFUSED.values()
    ]
    for (code, (_, _, number)), answer in zip(REFUSED.items(), small.ask(*calls), strict=True):
        content = answer.structured_content
        assert (content["refusal"], content["difference"]) == (code, None)
        words = read_words(language)
        key = "change.refused_break" if code == "break" else f"programs.apart_{code}"
        assert words(key) in content["sentences"][0]
        assert number not in " ".join(content["sentences"]), code


def test_two_speakers_are_told_what_the_build_judged_of_them_and_still_not_subtracted(
    small: Program, ids: Ids
) -> None:
    one, other, _ = REFUSED["speaker"]
    (answer,) = small.ask(("compare_figures", {"figure": ids[one], "other": ids[other], "language": "en"}))
    assert "Same measure, same population and same period." in answer.structured_content["sentences"]


def test_a_withheld_figure_is_never_told(small: Program, ids: Ids) -> None:
    figure = ids["lista in_custody age=adolescent 2026-02-01"]
    answers = small.ask(
        ("read_figure", {"figure": figure}),
        ("list_figures", {"measure": "in_custody", "part": "age=adolescent"}),
        ("look_up_number", {"number": "3"}),
        ("list_changes", {"since": "2026-02-01", "limit": 20}),
    )
    for answer in answers:
        for each in figures_in(answer.structured_content):
            assert each["value"] is None or each["breakdown"] != "age=adolescent"
    shown = answers[0].structured_content["figures"][0]
    assert (shown["withheld"], shown["value"], shown["qualifier"]) == (True, None, None)
    assert answers[1].structured_content["figures"] == []
    assert answers[1].structured_content["withheld"] == 1
    assert read_words("es").plural("programs.withheld", 1) in answers[1].structured_content["sentences"]
    assert read_words("es")("empty.text") not in text_of(answers[1])
    assert answers[2].structured_content["figures"] == []


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("read_headline", {"situation": "atlantis"}),
    ("read_headline", {"situation": "x" * 100_000}),
    ("read_headline", {"language": "xx"}),
    ("read_headline", {"known_on": "yesterday"}),
    ("read_headline", {"known_on": "2026-02-30"}),
    ("read_headline", {"known_on": "２０２６-０２-０１"}),
    ("read_headline", {"known_on": "2999-01-01"}),
    ("read_headline", {"situation": ["islandia"]}),
    ("read_headline", {"sitation": "islandia"}),
    ("list_figures", {}),
    ("list_figures", {"measure": "in_custody'; DROP TABLE claims; --"}),
    ("list_figures", {"measure": "in_custody", "organisation": "nobody"}),
    ("list_figures", {"measure": "in_custody", "part": "sex=\x00\u202e"}),
    ("list_figures", {"measure": "in_custody", "limit": 10**9}),
    ("list_figures", {"measure": "in_custody", "limit": -1}),
    ("list_figures", {"measure": "in_custody", "around": "0000-00-00"}),
    ("read_figure", {"figure": "../../etc/passwd"}),
    ("read_figure", {"figure": "0123456789abcdef"}),
    ("read_figure", {"figure": ""}),
    ("compare_figures", {"figure": "0123456789abcdef", "other": "fedcba9876543210"}),
    ("look_up_number", {"number": "9" * 100_000}),
    ("list_changes", {"since": "2026"}),
    ("list_changes", {"since": "2999-01-01"}),
    ("no_such_tool", {}),
]


def test_what_is_asked_wrongly_is_refused_in_a_plain_sentence_and_the_next_question_is_answered(
    small: Program,
) -> None:
    *answers, last = small.ask(*WRONG, ("read_headline", {}))
    for (name, of), answer in zip(WRONG, answers, strict=True):
        text = text_of(answer)
        assert answer.is_error, (name, str(of)[:80])
        assert 0 < len(text) < 600, (name, str(of)[:80])
        assert not any(sign in text for sign in ("Traceback", "File ", "Error executing", "pydantic")), text
    assert not last.is_error


@pytest.mark.parametrize("typed", ["", "nothing", "-5", "1e9", "\u202e454", "999999999999", "<b>454</b>"])
def test_any_text_may_hold_a_number_or_none(small: Program, typed: str) -> None:
    (answer,) = small.ask(("look_up_number", {"number": typed}))
    assert not answer.is_error
    assert answer.structured_content["figures"] == []


def test_the_oldest_days_that_can_be_written_are_days(small: Program) -> None:
    answers = small.ask(
        ("list_changes", {"since": "0001-01-01"}),
        ("list_figures", {"measure": "in_custody", "around": "0001-01-01"}),
        ("list_figures", {"measure": "in_custody", "around": "9999-12-31"}),
        ("read_headline", {"known_on": "0001-01-02"}),
        ("list_situations", {"known_on": "1999-01-01"}),
    )
    assert [answer.is_error for answer in answers] == [False] * 5
    assert figures_in(answers[3].structured_content) == []
    assert answers[4].structured_content["situations"][0]["figures"] == []


def test_an_answer_has_a_limit_and_says_how_many_it_leaves_out(small: Program) -> None:
    (answer,) = small.ask(("list_figures", {"measure": "in_custody", "limit": 2, "language": "en"}))
    assert [each["value"] for each in answer.structured_content["figures"]] == [601, 540]
    assert answer.structured_content["left_out"] == 3
    assert "There are 3 more that are not shown here." in text_of(answer)


def test_the_instructions_say_what_may_not_be_done_and_the_resources_what_words_mean(small: Program) -> None:
    async def talk(client: Client) -> tuple[str, dict[str, str]]:
        names = [str(each.uri) for each in (await client.list_resources()).resources]
        return client.instructions or "", {
            name: (await client.read_resource(name)).contents[0].text for name in names
        }

    instructions, texts = small.talk(talk)
    assert "No sum" in instructions
    assert "No subtraction across speakers" in instructions
    kinds = ("glossary", "codebook")
    assert texts.keys() == {f"liberometro://{kind}/{each}" for kind in kinds for each in list_languages()}
    for language in list_languages():
        assert read_words(language)("glossary.released") in texts[f"liberometro://glossary/{language}"]
        assert read_words(language)("codebook.qualifier") in texts[f"liberometro://codebook/{language}"]


def test_a_resource_that_there_is_not_is_an_error_in_words(small: Program) -> None:
    async def talk(client: Client) -> str:
        with pytest.raises(MCPError) as raised:
            await client.read_resource("liberometro://glossary/../../etc/passwd")
        return str(raised.value)

    assert "Traceback" not in small.talk(talk)


def test_every_tool_only_reads(small: Program) -> None:
    async def talk(client: Client) -> list[bool]:
        return [bool(tool.annotations.read_only_hint) for tool in (await client.list_tools()).tools]

    assert set(small.talk(talk)) == {True}


def test_a_build_that_is_published_meanwhile_is_served_at_the_next_question(
    small: Program, tmp_path: Path
) -> None:
    root = shutil.copytree(small.data, tmp_path / "data")

    with connect(root) as program:
        (first,) = program.ask(("read_headline", {}))
        publish(root, [*ROWS, row(value=571, as_of="2026-04-15", published="2026-04-15")])
        (second,) = program.ask(("read_headline", {}))
    was, became = first.structured_content, second.structured_content
    assert was["held"]["figures"][0]["value"] == 601
    assert became["held"]["figures"][0]["value"] == 571
    assert was["build"] != became["build"]


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    with connect(tmp_path) as program:
        answers = program.ask(("list_situations", {}), ("read_figure", {"figure": "0123456789abcdef"}))
    for answer in answers:
        assert answer.is_error
        assert "python -m pipelines build" in text_of(answer)


def test_nothing_is_written_to_standard_output_but_the_protocol(small: Program) -> None:
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    sent = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "read_headline", "arguments": {}}},
        {"id": 3, "method": "tools/call", "params": {"name": "read_headline", "arguments": {"language": 1}}},
    ]
    with subprocess.Popen(
        [sys.executable, *COMMAND],
        cwd=ROOT,
        env={**os.environ, **surround(small.data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write("this is no JSON\n")
        for each in sent:
            server.stdin.write(json.dumps({"jsonrpc": "2.0", **each}) + "\n")
            server.stdin.flush()
        late = Timer(300, server.kill)
        late.start()
        lines = []
        while {2, 3} - {line.get("id") for line in lines}:
            lines.append(json.loads(server.stdout.readline()))
        server.stdin.close()
        lines += [json.loads(line) for line in server.stdout]
        assert server.wait() == 0
        late.cancel()
    assert {line["jsonrpc"] for line in lines} == {"2.0"}


WITHOUT = "import sys; sys.modules['mcp'] = None; from dashboards.__main__ import app; app(sys.argv[1:])"


def test_without_the_library_it_says_how_to_get_it_and_the_other_commands_work() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT, *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    refused = run("mcp")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "pip install mcp" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert run("verify", "--help").returncode == 0
