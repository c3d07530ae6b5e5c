"""The link of "something is wrong here": what it carries comes out as it went in, and no more than that."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core import settings_check
from pipelines.core.paths import ROOT
from pipelines.core.privacy import PersonalRules
from pipelines.core.question_channel import (
    MOST,
    QuestionChannel,
    WrittenQuestion,
    clean_text,
    make_link,
)
from pipelines.core.situation import SituationError, read_situation
from tests.conftest import write_situation
from tests.invented import PLANTED

MAIL = QuestionChannel(mail="fallas+cifras@grupo.example")
FORM = QuestionChannel(form="https://encuestas.example/f?id=7&entry.12={text}#x")
ISSUES = QuestionChannel(issues="https://git.example/a/b/-/issues/new?title={subject}&body={text}")
PIECES = st.one_of(
    st.sampled_from("&#?=+%{}\"'<>\\ \r\n\t\x00:@;,/áñ¿«»…"),
    st.sampled_from(["👩\u200d👧", "🕊", "\u202e", "%0D%0A", "&cc=a@b.example", "\r\nBcc: a@b.example"]),
    st.characters(),
)
HARD = st.lists(PIECES, max_size=40).map("".join)
QUESTIONS = st.builds(
    WrittenQuestion,
    subject=HARD,
    about=st.one_of(HARD, HARD.map(lambda text: text * 60)),
    facts=st.lists(st.one_of(HARD, HARD.map(lambda text: text * 20)), max_size=7).map(tuple),
    asks=st.lists(HARD, max_size=3).map(tuple),
)
SHORT = st.builds(
    WrittenQuestion, subject=HARD.map(lambda t: t[:8]), about=HARD.map(lambda t: t[:20]),
    facts=st.lists(HARD.map(lambda t: t[:8]), max_size=3).map(tuple), asks=st.just(("Qué está mal: ",)),
)  # fmt: skip


def read_mail(link: str) -> tuple[str, dict[str, str]]:
    """To whom a mailto link is, and its header fields, as RFC 6068 reads them: a plus is a plus."""
    assert link.startswith("mailto:")
    to, _, fields = link.removeprefix("mailto:").partition("?")
    pairs = [each.split("=") for each in fields.split("&")]
    assert len({name for name, _ in pairs}) == len(pairs)
    return unquote(to, errors="strict"), {name: unquote(text, errors="strict") for name, text in pairs}


def whole(question: WrittenQuestion) -> str:
    return "\n".join(map(clean_text, (question.about, "", *question.facts, "", *question.asks)))


@given(SHORT)
def test_what_a_link_carries_comes_out_as_it_went_in(question: WrittenQuestion) -> None:
    subject = " ".join(clean_text(question.subject).split())
    to, fields = read_mail(make_link(MAIL, question))
    assert to == MAIL.mail
    assert fields == {"subject": subject, "body": whole(question).replace("\n", "\r\n")}
    parts = urlsplit(make_link(ISSUES, question))
    assert (parts.scheme, parts.hostname, parts.path) == ("https", "git.example", "/a/b/-/issues/new")
    assert parse_qsl(parts.query, keep_blank_values=True, errors="strict") == [
        ("title", subject),
        ("body", whole(question)),
    ]
    parts = urlsplit(make_link(FORM, question))
    assert parse_qsl(parts.query, keep_blank_values=True) == [("id", "7"), ("entry.12", whole(question))]
    assert parts.fragment == "x"


@given(QUESTIONS, st.sampled_from([MAIL, FORM, ISSUES]))
def test_no_link_is_too_long_or_has_a_field_of_the_text_s_own(
    question: WrittenQuestion, channel: QuestionChannel
) -> None:
    link = make_link(channel, question)
    assert len(link) <= MOST
    assert link.isascii()
    assert not set(link) & set(" \r\n\t\"'<>\\{}")
    if channel is MAIL:
        to, fields = read_mail(link)
        assert (to, set(fields)) == (MAIL.mail, {"subject", "body"})
        assert "\n" not in fields["subject"]
    else:
        names = [name for name, _ in parse_qsl(urlsplit(link).query, keep_blank_values=True)]
        assert names == (["id", "entry.12"] if channel is FORM else ["title", "body"])


@pytest.mark.parametrize("channel", [MAIL, FORM, ISSUES])
def test_of_a_long_question_the_sentence_is_shortened_and_the_facts_stay(channel: QuestionChannel) -> None:
    facts = ("Clave de la cifra: 0123456789abcdef", "Página: https://sitio.example/es/figures/01.html#01")
    long = WrittenQuestion("Algo está mal", "Según «la lista», había así. " * 200, facts, ("Qué está mal: ",))
    text = unquote(make_link(channel, long))
    assert all(fact in text for fact in (*facts, *long.asks))
    assert "Según «la lista», había así. " * 3 in text
    assert "…" in text
    assert len(make_link(channel, long)) > MOST - 20


def test_where_nothing_else_helps_the_last_facts_are_left_out() -> None:
    facts = ("Clave: 0123456789abcdef", *("ñ" * 100 for _ in range(9)))
    text = unquote(make_link(MAIL, WrittenQuestion("a", "b" * 500, facts, ("Qué está mal: ",))))
    assert "Clave: 0123456789abcdef" in text
    assert "Qué está mal: " in text
    assert 0 < text.count("ñ" * 100) < 9


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("", "one of mail, form and issues is needed, not none"),
        ('mail = "a@b.example"\nform = "https://a.example/?t={text}"', "not mail and form"),
        ('mail = "Grupo <a@b.example>"', "mail: expected a plain address"),
        ('mail = "a@b.example?cc=c@d.example"', "mail: expected a plain address"),
        ('mail = "a@b.example, c@d.example"', "mail: expected a plain address"),
        ('form = "http://a.example/?t={text}"', "begins with https://"),
        ('form = "javascript:alert({text})"', "begins with https://"),
        ('form = "https:///?t={text}"', "names a host"),
        ('form = "https://u:p@a.example/?t={text}"', "begins with https://"),
        ('issues = "https://a.example/?t={subject}"', "expected {text} once"),
        ('issues = "https://a.example/?t={text}&u={text}"', "expected {text} once"),
        ('issues = "https://a.example/?t={text}&u={who}"', "only {text} and {subject} may stand in braces"),
        ('issues = "https://a.example/{subject}?t={text}"', "stand behind a ? or a #"),
        ('form = "https://{text}.example/?t="', "stand behind a ? or a #"),
        ('form = "https://a.example/?t={text}&u=a b"', "holds a character"),
        ('form = "https://a.example/ñ?t={text}"', "holds a character"),
        (f'form = "https://a.example/{"a" * 500}?t={{text}}"', "longer than 500"),
        ('phone = "x"', "unknown field `phone`"),
    ],
)
def test_a_channel_that_is_none_is_refused_with_file_and_key(tmp_path: Path, stated: str, said: str) -> None:
    path = write_situation(tmp_path) / "situation.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[questions]\n{stated}\n", encoding="utf-8")
    with pytest.raises(SituationError) as refused:
        read_situation(path.parent)
    assert str(path) in str(refused.value)
    assert "$.questions" in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("channel", [MAIL, FORM, ISSUES])
def test_the_group_s_own_address_is_no_person_s(tmp_path: Path, channel: QuestionChannel) -> None:
    path = write_situation(tmp_path) / "situation.toml"
    (name,) = [each for each in ("mail", "form", "issues") if getattr(channel, each)]
    stated = f'[questions]\n{name} = "{getattr(channel, name)}"\n'
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{stated}", encoding="utf-8")
    assert read_situation(path.parent).questions == channel
    settings_check.check_settings(path.parent, PersonalRules())


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("data/*/situation.toml")))
def test_a_bundled_situation_is_asked_once_the_lines_that_say_how_are_no_remark(
    tmp_path: Path, name: str
) -> None:
    written = (ROOT / "data" / name / "situation.toml").read_text(encoding="utf-8")
    (tmp_path / name).mkdir()
    path = tmp_path / name / "situation.toml"
    path.write_text(written, encoding="utf-8")
    assert read_situation(path.parent).questions is None
    for line in ("[questions]", "issues = "):
        assert written.count(f"\n# {line}") == 1
        written = written.replace(f"\n# {line}", f"\n{line}")
    path.write_text(written, encoding="utf-8")
    channel = read_situation(path.parent).questions
    assert channel is not None
    assert make_link(channel, WrittenQuestion("a", "b", (), ())).startswith("https://git.example/")
    settings_check.check_settings(path.parent, PersonalRules())


def test_an_address_anywhere_else_in_the_settings_stops_the_build_all_the_same(tmp_path: Path) -> None:
    path = write_situation(tmp_path) / "situation.toml"
    mail = PLANTED["an e-mail address"][0]
    stated = f'[questions]\nform = "https://a.example/?to={mail}&t={{text}}"\n'
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{stated}", encoding="utf-8")
    with pytest.raises(SituationError, match=r"questions\.form: an e-mail address") as refused:
        settings_check.check_settings(path.parent, PersonalRules())
    assert mail not in str(refused.value)
