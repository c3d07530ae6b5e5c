"""Decisions: what they make of a figure, who must agree, and that replaying them gives the same rows."""

import shutil
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.core.paths import DataDir
from pipelines.intake.decisions import Decision, DecisionError, ReviewVerdict, parse_corrections, write
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build
from tests.conftest import TODAY, row, rows_of, write_sheet, write_situation
from tests.invented import IDENTITY
from tests.pipelines.intake.review.conftest import build, candidate, decide, folder, queue

EARLIER = TODAY - timedelta(days=1)


def sheet(data: DataDir, *rows: dict[str, str]) -> None:
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", rows)


def test_figure_waits_until_somebody_decides(data: DataDir) -> None:
    queue(data, candidate())
    built = build(data)
    assert [each["value"] for each in built["pending"]] == [790]
    assert built["claims"] == []


def test_accepted_figure_is_a_claim_with_its_phrase_and_its_place(data: DataDir) -> None:
    queue(data, candidate())
    decide(data, candidate(), "accept")
    built = build(data)
    (claim,) = built["claims"]
    assert (claim["value"], claim["raw"], claim["place"]) == (790, "790 personas detenidas", "characters 5-8")
    assert built["pending"] == []


def test_corrected_figure_counts_as_corrected_and_its_reading_stays_on_record(data: DataDir) -> None:
    queue(data, candidate())
    decide(
        data, candidate(), "correct", reason="misread", corrected={"value": "780", "qualifier": "at_least"}
    )
    (claim,) = build(data)["claims"]
    assert (claim["value"], claim["qualifier"]) == (780, "at_least")
    with published_build.open_current(data) as con:
        (said,) = rows_of(con, "decisions")
    assert said["corrected"] == "value=780 | qualifier=at_least"
    assert said["reading_id"] != said["claim_id"] == claim["claim_id"]


def test_rejected_figure_ends_in_quarantine_with_who_and_why(data: DataDir) -> None:
    queue(data, candidate())
    decide(data, candidate(), "reject", reason="it is the total of another country")
    (aside,) = build(data)["quarantine"]
    assert aside["reason"] == "rejected by AB: it is the total of another country"


def test_last_decision_stands_by_its_day_and_not_by_its_row(data: DataDir) -> None:
    queue(data, candidate())
    decide(data, candidate(), "reject", "CD", reason="no", decided=TODAY)
    decide(data, candidate(), "accept", "AB", decided=EARLIER)
    assert build(data)["claims"] == []
    decide(data, candidate(), "accept", "AB", decided=TODAY)
    assert [each["value"] for each in build(data)["claims"]] == [790]


def test_replay_gives_the_same_rows_without_the_inbox(data: DataDir) -> None:
    sheet(data, row())
    rows = [candidate(value=value, place=f"characters {value}-{value + 3}") for value in (790, 780, 770)]
    queue(data, *rows)
    decide(data, rows[0], "accept")
    decide(data, rows[1], "correct", reason="misread", corrected={"value": "781"})
    decide(data, rows[2], "reject", reason="no")
    before = build(data)
    shutil.rmtree(folder(data) / "inbox")
    assert build(data) == before


def test_jump_counts_only_with_a_second_different_reviewer(data: DataDir) -> None:
    sheet(data, row())
    jump = candidate(value=400)
    queue(data, jump)
    decide(data, jump, "accept", "A.B.")
    decide(data, jump, "accept", " ab ")
    (waiting,) = build(data)["pending"]
    assert "jumps by 50% from 800 on 2026-01-05" in waiting["reason"]
    assert "needs a second reviewer" in waiting["reason"]
    decide(data, jump, "accept", "CD")
    built = build(data)
    assert sorted(each["value"] for each in built["claims"]) == [400, 800]
    assert built["pending"] == []


def test_second_reviewer_who_says_otherwise_does_not_let_a_jump_count(data: DataDir) -> None:
    sheet(data, row())
    jump = candidate(value=400)
    decide(data, jump, "accept", "AB")
    decide(data, jump, "correct", "CD", reason="misread", corrected={"value": "410"})
    built = build(data)
    assert [each["value"] for each in built["pending"]] == [400]
    assert "CD, corrected to value=410" in built["pending"][0]["reason"]
    decide(data, jump, "correct", "AB", reason="yes, 410", corrected={"value": "410"})
    assert sorted(each["value"] for each in build(data)["claims"]) == [410, 800]


def test_later_report_never_unsettles_an_earlier_yes(data: DataDir) -> None:
    sheet(data, row())
    decide(data, candidate(value=790), "accept")
    sheet(data, row(), row(value=300, as_of="2026-01-11", published="2026-03-01"))
    assert 790 in [each["value"] for each in build(data)["claims"]]


def test_yes_to_a_figure_that_breaks_a_rule_is_not_taken(data: DataDir) -> None:
    with pytest.raises(DecisionError, match="as_of is empty"):
        decide(data, candidate(as_of=None), "accept")
    with pytest.raises(DecisionError, match="published is empty"):
        decide(data, candidate(published=None), "accept")
    with pytest.raises(DecisionError, match="organisation: unknown"):
        decide(data, candidate(), "correct", reason="x", corrected={"organisation": "nobody"})


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        ({"reviewer": ""}, "reviewer is empty"),
        ({"verdict": "reject"}, "reason is empty"),
        ({"verdict": "correct", "reason": "x"}, "nothing is corrected"),
        ({"corrected": {"value": "1"}}, "the decision is not `correct`"),
        ({"decided": TODAY + timedelta(days=1)}, "lies in the future"),
        ({"reason": "llame al 0414-123.45.67"}, "aggregates only"),
        ({"reason": f"cédula {IDENTITY}"}, "aggregates only"),
        ({"reviewer": "ab@example.org"}, "aggregates only"),
    ],
)
def test_decision_that_would_not_hold_is_refused_with_its_reason(
    data: DataDir, cells: dict[str, Any], match: str
) -> None:
    words = {"verdict": "accept", "reviewer": "AB", **cells}
    with pytest.raises(DecisionError, match=match):
        decide(data, candidate(), words.pop("verdict"), words.pop("reviewer"), **words)
    assert not (folder(data) / "decisions.csv").exists()


def test_personal_data_that_came_by_a_pull_request_is_refused_with_the_row_named(data: DataDir) -> None:
    write(folder(data), [Decision(candidate(), ReviewVerdict.ACCEPT, "AB", TODAY)])
    said = f"ask {IDENTITY} or write to someone@example.org"
    write(folder(data), [Decision(candidate(value=780), ReviewVerdict.ACCEPT, "AB", TODAY, said)])
    built = build(data)
    (aside,) = built["quarantine"]
    assert (aside["file"], aside["place"]) == ("decisions.csv", "row 3")
    assert "aggregates only" in aside["reason"]
    assert IDENTITY[2:] not in str(built)
    assert "someone@" not in str(built)
    assert [each["value"] for each in built["claims"]] == [790]


def test_row_that_is_no_decision_is_kept_by_its_place(data: DataDir) -> None:
    decide(data, candidate(), "accept")
    with (folder(data) / "decisions.csv").open("a", encoding="utf-8") as handle:
        handle.write("half,a,row\n")
    built = build(data)
    assert [each["place"] for each in built["quarantine"]] == ["row 3"]
    assert len(built["claims"]) == 1


def test_decision_takes_the_place_of_a_waiting_row_of_a_sheet(data: DataDir) -> None:
    sheet(data, row(published=""))
    (waiting,) = build(data)["pending"]
    decide(data, waiting, "correct", reason="dated", corrected={"published": "2026-01-06"})
    built = build(data)
    assert [each["published"] for each in built["claims"]] == [date(2026, 1, 6)]
    assert built["pending"] == []
    assert sum(each["rows_read"] for each in built["files"]) == 1


def test_rules_accept_by_themselves_only_where_the_situation_allows_it(data: DataDir) -> None:
    queue(data, candidate(state="accepted", retrieved=date(2026, 1, 13)))
    (waiting,) = build(data)["pending"]
    assert "wants a person's yes" in waiting["reason"]
    settings_file = folder(data) / "situation.toml"
    settings_file.write_text(
        "accept_auto = true\n" + settings_file.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert [each["value"] for each in build(data)["claims"]] == [790]
    sheet(data, row(as_of="2026-01-12", value=900))
    (waiting,) = build(data)["pending"]
    assert "contradicts 900" in waiting["reason"]


def test_corrected_fields_are_read_one_by_one() -> None:
    assert parse_corrections("value=450 | breakdown=sex=female;age=adult | value_high=") == {
        "value": "450",
        "breakdown": "sex=female;age=adult",
        "value_high": "",
    }
    with pytest.raises(DecisionError, match="url"):
        parse_corrections("url=https://elsewhere.example")


ACTS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["accept", "reject", "correct"]),
        st.sampled_from(["AB", "CD"]),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(st.sampled_from([3, 700, 790, 810, 5000]), min_size=5, max_size=5), acts=ACTS)
def test_every_figure_read_is_accepted_pending_or_quarantined_whatever_is_decided(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], acts: list[tuple[int, str, str, bool]]
) -> None:
    data = DataDir(tmp_path_factory.mktemp("data"))
    write_situation(data.root)
    sheet(data, row(), row(published="", value=4))
    rows = [candidate(value=v, breakdown=b) for v, b in zip(values, ("total", "sex=male") * 3, strict=False)]
    queue(data, *rows)
    faults = 0
    for index, verdict, reviewer, broken in acts:
        corrected = {"value": "820"} if verdict == "correct" else {}
        reason = "" if broken else "because"
        faults += broken and verdict != "accept"
        write(
            folder(data),
            [Decision(rows[index], ReviewVerdict(verdict), reviewer, TODAY, reason, corrected)],
        )
    distinct = {(each["value"], each["breakdown"]) for each in rows}
    outcome = warehouse_build.build(data, today=TODAY)
    assert sum(outcome.counts.values()) == 2 + len(distinct) + faults
    with published_build.open_current(data) as con:
        for each in rows_of(con, "files"):
            assert each["rows_read"] == each["accepted"] + each["pending"] + each["quarantined"]
