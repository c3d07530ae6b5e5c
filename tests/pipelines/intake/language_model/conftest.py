"""A server that answers as told, a situation of its own, and the worst that may come of an answer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.core.model import BREAKDOWN_KEYS, TOTAL, Measure, Qualifier
from pipelines.core.situation import (
    LanguageModel,
    Organisation,
    Situation,
    read_organisations,
    read_situation,
)
from pipelines.intake.language_model.asked_reader import AskedReader, AskedText, make_candidates
from pipelines.intake.language_model.model_client import ModelClient
from pipelines.intake.language_model.question import Question, make_question
from pipelines.intake.language_model.settings import ADDRESS, KEY, NAME, ModelServer, read_server
from pipelines.intake.prose.extraction import Candidate, look_at_text
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.pointing import NOBODY_NAMED
from pipelines.intake.prose.readings import Reading
from pipelines.intake.prose.text_marks import Scene
from tests.pipelines.intake.crawler.server import Behaviour, FakeClock, Server, reply
from tests.pipelines.intake.prose.conftest import ORGANISATIONS, SITUATION

PATH = "/v1/chat/completions"
PUBLISHED = date(2026, 2, 26)
SECRET = "-".join(("sk", "of", "nobody", "0815"))
PLAIN = "Lista Abierta cuenta 444 presos políticos hasta el lunes, entre ellos 31 mujeres."
Islandia = tuple[Situation, list[Organisation]]


@pytest.fixture(scope="session")
def islandia_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "islandia"
    folder.mkdir()
    (folder / "situation.toml").write_text(SITUATION, encoding="utf-8")
    (folder / "organisations.toml").write_text(ORGANISATIONS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def islandia(islandia_folder: Path) -> Islandia:
    return read_situation(islandia_folder), read_organisations(islandia_folder)


@pytest.fixture
def server() -> Iterator[Server]:
    """Where the language model is, as far as these tests go."""
    running = Server()
    yield running
    running.close()


def complete(content: Any, *, usage: Any = None, finish: str = "stop", **more: Any) -> Behaviour:
    """A chat completion whose message is `content`: a text as it is, anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
    told = {"prompt_tokens": 1200, "completion_tokens": 80} if usage is None else usage
    return reply(json.dumps({"choices": [choice], "usage": told, **more}), "application/json")


def claim(number: int, quote: str, **fields: Any) -> dict[str, Any]:
    """A claim as a model may answer it."""
    plain = {
        "quote": quote,
        "number": number,
        "measures": ["in_custody"],
        "qualifier": "exact",
        "organisation": "lista",
        "day": -1,
        "start": -1,
        "parts": [],
    }
    return plain | fields


@dataclass
class World:
    """A reader that asks the server, with a clock that waits for nobody."""

    server: Server
    islandia: Islandia
    settings: dict[str, Any] = field(default_factory=lambda: {"seconds": 5.0})
    key: str | None = SECRET
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def model_server(self) -> ModelServer:
        """What the settings come to."""
        environment = {ADDRESS: self.server.url, NAME: "small"} | ({KEY: self.key} if self.key else {})
        situation = self.islandia[0]
        changed = {name: getattr(situation, name) for name in situation.__struct_fields__}
        changed["language_model"] = LanguageModel(**self.settings)
        return read_server(Situation(**changed), environment)

    def reader(self) -> AskedReader:
        """A reader of its own run."""
        return AskedReader(ModelClient(self.model_server, clock=self.clock), *self.islandia)

    def read(self, text: str = PLAIN, behaviour: Behaviour | None = None) -> AskedText:
        """One text read, the server answering so."""
        if behaviour is not None:
            self.server.paths[PATH] = behaviour
        return self.reader().read(text, PUBLISHED)


@pytest.fixture
def world(server: Server, islandia: Islandia) -> World:
    return World(server, islandia)


Ask = Callable[..., Question]


def ask(
    text: str, islandia: Islandia, *, unknown_words: bool = False, published: date | None = PUBLISHED
) -> tuple[Scene, Question]:
    """The question about a text."""
    scene = look_at_text(text, published, *islandia)
    return scene, make_question(scene, list_mentions(scene), *islandia, unknown_words=unknown_words)


def assert_no_worse_than_mislabelled(
    readings: list[Reading], scene: Scene, question: Question, islandia: Islandia
) -> list[Candidate]:
    """Whatever was answered: each reading is of a number of the text, with listed choices. Returns the
    candidates that come of them."""
    situation, organisations = islandia
    mentions = list_mentions(scene)
    listed = {f"{key}={value}" for key in BREAKDOWN_KEYS for value in situation.breakdown_values.get(key, ())}
    days = {day for each in mentions.days for day in (each.day, each.first)} | {PUBLISHED, situation.baseline}
    names = {each.id for each in organisations} | set(NOBODY_NAMED)
    spans = {scene.normal.span(*each.span): each for each in mentions.numbers}
    asked_about = {number.tokens for number in question.numbers.values()}
    assert [reading.number for reading in readings] == mentions.numbers
    candidates = make_candidates(readings, scene, situation, organisations)
    for each in candidates:
        number = spans[each.span]
        assert (each.value, each.value_high) == (number.value, number.high)
        assert number.tokens in asked_about
        assert isinstance(each.measure, Measure)
        assert isinstance(each.qualifier, Qualifier)
        assert (each.qualifier is Qualifier.RANGE) == (number.high is not None)
        assert each.organisation in names
        assert each.breakdown == TOTAL or set(each.breakdown.split(";")) <= listed
        assert each.as_of is None or each.as_of in days
        assert each.period_start is None or each.period_start in days
        assert not each.auto
        written = scene.normal.original[slice(*each.span)]
        assert len(each.phrase) <= len(written) + 3  # the number alone, or its mask
    for reading in readings:
        assert sum(reading.measures.values()) <= 0.9 + 1e-9
    return candidates
