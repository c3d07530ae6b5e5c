"""The review as a person walks it, in a terminal and in a browser, and as a program lists it."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.intake.review.worklist import Worklist
from tests.conftest import row, write_sheet
from tests.pipelines.intake.review.conftest import REPORT, build, candidate, folder, queue, serve_desk


def run(data: DataDir, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, [*words, "--data-dir", str(data.root)], input=typed)


# --- the terminal -------------------------------------------------------------------------------------------


def test_report_that_is_read_waits_and_counts_after_a_walk(data: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(REPORT, encoding="utf-8")
    words = ("--published", "2026-02-20", "--publisher", "El Diario", "--url", "https://diario.example/3")
    done = run(data, "read", str(path), *words)
    assert "2 figures read, 2 new in the queue" in done.output
    assert "2 figures read, 0 new in the queue" in run(data, "read", str(path), *words).output
    walked = run(data, "review", typed="AB\na\n\nr\nno longer true\n")
    assert walked.exit_code == 0, walked.output
    assert "[1 of 2] lista · in_custody · total" in walked.output
    assert "! contradicts" in walked.output
    assert "would change: it would stand for its moment" in walked.output
    assert "2 decided" in walked.output
    built = build(data)
    assert (len(built["claims"]), len(built["quarantine"]), built["pending"]) == (1, 1, [])
    assert run(data, "review", "--reviewer", "AB").output.strip() == "nothing waits"


def test_a_report_of_the_future_is_refused_and_one_without_figures_asks_for_no_review(
    data: DataDir, tmp_path: Path
) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Nada que contar.", encoding="utf-8")
    refused = run(data, "read", str(path), "--published", "2199-01-01", "--publisher", "El Diario")
    assert (refused.exit_code, "lies in the future" in refused.stderr) == (2, True)
    done = run(data, "read", str(path), "--published", "2026-02-20", "--publisher", "El Diario")
    assert "0 figures read, 0 new in the queue" in done.output
    assert "decides about them" not in done.output


def test_walk_corrects_skips_and_quits(data: DataDir) -> None:
    queue(
        data,
        candidate(),
        candidate(value=780, breakdown="sex=male"),
        candidate(value=9, breakdown="sex=female"),
    )
    typed = "c\nvalue=12 | qualifier=about\nmisread\ns\nq\n"
    walked = run(data, "review", "--reviewer", "AB", typed=typed)
    assert walked.exit_code == 0, walked.output
    built = build(data)
    assert [(each["qualifier"], each["value"]) for each in built["claims"]] == [("about", 12)]
    assert len(built["pending"]) == 2


def test_walk_asks_again_when_an_answer_does_not_hold(data: DataDir) -> None:
    queue(data, candidate(as_of=None))
    typed = "x\na\n\nc\nas_of=12 January\nmisread\nc\nas_of=2026-01-12\nit says so\n"
    walked = run(data, "review", "--reviewer", "AB", typed=typed)
    assert "as_of is empty" in walked.output
    assert "expected a day as YYYY-MM-DD" in walked.output
    assert [str(each["as_of"]) for each in build(data)["claims"]] == ["2026-01-12"]


def test_walk_leaves_a_jump_to_another_reviewer(data: DataDir) -> None:
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", [row()])
    queue(data, candidate(value=400))
    run(data, "review", "--reviewer", "AB", typed="a\n\n")
    again = run(data, "review", "--reviewer", "ab")
    assert "a second, different reviewer has to look" in again.output
    run(data, "review", "--reviewer", "CD", typed="a\n\n")
    assert sorted(each["value"] for each in build(data)["claims"]) == [400, 800]


def test_json_lists_what_waits_with_its_warnings(data: DataDir) -> None:
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", [row()])
    queue(data, candidate(value=400))
    (figure,) = json.loads(run(data, "review", "--json").output)
    assert (figure["value"], figure["warnings"][0]["kind"]) == (400, "jump")
    assert figure["changes"] == ["it would stand for its moment"]


def test_rules_cannot_be_impersonated(data: DataDir) -> None:
    queue(data, candidate())
    walked = run(data, "review", "--reviewer", "Auto", typed="a\n\nq\n")
    assert "is how the reader of prose signs" in walked.output
    assert not (folder(data) / "decisions.csv").exists()


# --- the page -----------------------------------------------------------------------------------------------


class Browser:
    """A browser on one host: keeps the cookie, and sends the origin with a form as browsers do."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.entrance = parts.netloc, f"{parts.path}?{parts.query}"
        self.cookie = ""

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of one answer."""
        con = http.client.HTTPConnection(self.host, timeout=20)
        sent = {"Host": self.host, "Cookie": self.cookie, **headers}
        if form is not None:
            sent = {
                "Origin": f"http://{self.host}",
                "Content-Type": "application/x-www-form-urlencoded",
                **sent,
            }
        try:
            con.request(method, path, urlencode(form) if form is not None else None, sent)
            answer = con.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, answer.read().decode(), found
        finally:
            con.close()

    def enter(self) -> None:
        status, _, headers = self.ask("GET", self.entrance)
        assert status == 303
        assert "HttpOnly" in headers["set-cookie"]
        self.cookie = headers["set-cookie"].split(";")[0]

    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.ask("GET", "/")[1])
        assert found
        return found[1]


@pytest.fixture
def browser(data: DataDir, desk: Worklist) -> Iterator[Browser]:
    """The page served on a free port of this machine, with one jump and one plain figure waiting."""
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", [row()])
    queue(data, candidate(), candidate(value=300, publisher="<script>alert(1)</script>"))
    build(data)
    with serve_desk(data, desk) as address:
        yield Browser(address)


def figures(browser: Browser) -> list[str]:
    return re.findall(r'href="(/figure/[0-9a-f]{16})"', browser.ask("GET", "/")[1])


def test_page_takes_decisions_and_renews_the_build(data: DataDir, browser: Browser) -> None:
    browser.enter()
    jump, plain = figures(browser)
    form = {"token": browser.token(), "reviewer": "AB", "reason": ""}
    assert browser.ask("POST", plain, {**form, "decision": "accept"})[0] == 303
    status, text, _ = browser.ask("POST", jump, {**form, "decision": "reject"})
    assert status == 422
    assert "reason is empty" in text
    corrected = {**form, "decision": "correct", "reason": "misread", "value": "795"}
    assert browser.ask("POST", jump, corrected)[2]["location"] == "/"
    assert browser.ask("POST", "/build", form)[0] == 303
    assert sorted(each["value"] for each in build(data)["claims"]) == [790, 795, 800]
    assert figures(browser) == []


def test_page_escapes_what_reports_say_and_allows_no_script_but_its_own(browser: Browser) -> None:
    browser.enter()
    _, text, headers = browser.ask("GET", figures(browser)[0])
    assert "&lt;script&gt;" in text
    assert re.findall(r"<script[^>]*>", text) == ['<script src="/keys.js" defer>']
    assert " style=" not in text
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src 'self';" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_page_answers_nobody_without_its_key(browser: Browser) -> None:
    assert browser.ask("GET", "/")[0] == 403
    assert browser.ask("GET", "/enter?key=guess")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Host": "elsewhere.example"},
        {"Host": "127.0.0.1.elsewhere.example"},
    ],
)
def test_other_site_cannot_post_a_decision(data: DataDir, browser: Browser, headers: dict[str, str]) -> None:
    browser.enter()
    form = {"token": browser.token(), "reviewer": "AB", "decision": "accept"}
    assert browser.ask("POST", figures(browser)[1], form, **headers)[0] == 403
    assert not (folder(data) / "decisions.csv").exists()


def test_form_without_the_token_or_too_long_is_refused(data: DataDir, browser: Browser) -> None:
    browser.enter()
    path = figures(browser)[1]
    form = {"token": "guess", "reviewer": "AB", "decision": "accept"}
    assert browser.ask("POST", path, form)[0] == 403
    assert browser.ask("POST", path, {**form, "token": browser.token(), "reason": "a" * 70_000})[0] == 403
    assert not (folder(data) / "decisions.csv").exists()


def test_page_listens_on_this_machine_only(browser: Browser) -> None:
    assert browser.host.startswith("127.0.0.1:")
