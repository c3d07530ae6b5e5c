"""A situation's own facts, read strictly from its situation, organisations and publishers TOML.

A key that nobody knows, or a value of the wrong type, fails with its place in the file.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from pipelines.core.model import Measure, Role
from pipelines.core.personal_formats import list_countries
from pipelines.core.privacy import DiscreetError, PersonalRules, fold_names
from pipelines.core.question_channel import QuestionChannel

T = TypeVar("T")
Texts = dict[str, str]  # language → words; `es` at least, which stands where a language has none
# Keys of `situation.toml` by which a group works: no other group is told them, and none has a say in ours.
OWN_AFFAIRS: Final = (
    "accept_auto", "archive_hosts", "default", "digest", "language_model", "signed_by",
)  # fmt: skip

# Public archives whose copies are linked, unless a situation names its own.
ARCHIVE_HOSTS: Final = ("web.archive.org", "arquivo.pt", "perma.cc", "archive.ph", "ghostarchive.org")


class SituationError(DiscreetError):
    """A situation's files contradict themselves; the message names the file and what to change."""


class TomlStruct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything that is read from TOML."""


class Counts(TomlStruct, frozen=True):
    """What an organisation counts under one measure, and since when. A change of it is a break.

    `unit` is what one of them is: `people`, or `arrests`, `orders` … where one person can count twice.
    """

    measure: Measure
    population: str
    text: Texts
    unit: str = "people"
    since: date | None = None
    until: date | None = None
    break_reason: Texts | None = None


class Organisation(TomlStruct, frozen=True):
    """Who asserts figures. `members` names the organisations behind a joint statement."""

    id: str
    name: str
    role: Role
    aliases: list[str] = []
    members: list[str] = []
    unnamed: bool = False  # stands for speakers nobody named, so nothing says that they are independent
    spokespeople: list[str] = []  # officials and spokespeople who speak in public, and their roles
    rhythm_days: int | None = None  # how often it usually publishes; None: no rhythm known
    website: str | None = None
    counts: list[Counts] = []


class Names(TomlStruct, frozen=True):
    """A name in every language."""

    es: str
    en: str
    pt: str

    def every(self) -> tuple[str, str, str]:
        """The name in each language."""
        return self.es, self.en, self.pt


class Publisher(TomlStruct, frozen=True):
    """An outlet that carries figures, where its name for readers is not the one that stands in the sheets."""

    id: str  # as in the column `publisher` of the sheets
    name: Names
    website: str | None = None


class Help(TomlStruct, frozen=True):
    """Where a relative can ask."""

    name: str
    text: Texts
    url: str | None = None


class PolicyEvent(TomlStruct, frozen=True):
    """A decision whose day parts a before from an after: an announcement, a law.

    `name` is what it is called inside a sentence, with its article.
    """

    day: date
    es: str
    en: str
    pt: str | None = None
    name: Texts | None = None

    @property
    def title(self) -> Texts:
        """Its words by language."""
        return {"es": self.es, "en": self.en} | ({"pt": self.pt} if self.pt else {})


class LanguageModel(TomlStruct, frozen=True):
    """A server with a language model that a group may ask as a further reader (docs/extraction.md).

    Nothing is asked unless a command is told to. The environment has the last word, and alone the key.
    """

    address: str | None = None  # such as http://127.0.0.1:8080/v1
    model: str | None = None  # the name that the server has for it
    allow_remote: bool = False  # a server on another machine: only over https
    masks: Literal["names", "unknown_words"] | None = None  # None: names here, unknown words elsewhere
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 120.0  # for one answer, however it trickles
    attempts: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3  # for one text
    answer_kilobytes: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 1_000
    answer_tokens: Annotated[int, msgspec.Meta(ge=16, le=200_000)] = 4_000  # the server is told to stop there
    text_letters: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 20_000  # a longer text is not sent
    price_in: Annotated[float, msgspec.Meta(ge=0)] | None = None  # of a million tokens sent
    price_out: Annotated[float, msgspec.Meta(ge=0)] | None = None  # of a million tokens answered
    currency: str = "USD"


class SignedBy(TomlStruct, frozen=True):
    """The group whose signed folder a situation was taken from (`pipelines.federation`)."""

    group: str
    fingerprint: str  # of the key that signed it
    build: str
    created: datetime
    address: str


_HERE: Final = r"http://(localhost|127\.0\.0\.1|\[::1\])[:/]"  # the only places without TLS
Mailbox = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")]


class DigestMail(TomlStruct, frozen=True):
    """The relay that a digest is handed to, who it is from, and the one address of a list that it goes to."""

    relay: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9.-]+:[0-9]{1,5}\Z")]  # smtp.example.org:587
    to: Mailbox
    sender: Mailbox = msgspec.field(name="from")


class DigestChannels(TomlStruct, frozen=True):
    """Where a group sends its digest (docs/digest.md): what is named here, and nowhere else.

    Nothing is sent unless a command is told to. Secrets stand in the environment alone.
    """

    webhook: Annotated[str, msgspec.Meta(pattern=rf"\A(https://|{_HERE})[!-~]+\Z")] | None = None
    telegram: Annotated[str, msgspec.Meta(pattern=r"\A@[A-Za-z][A-Za-z0-9_]{3,31}\Z")] | None = None
    mail: DigestMail | None = None


class Situation(TomlStruct, frozen=True):
    """One monitored release process."""

    id: str
    name: Texts
    summary: Texts
    timezone: str
    baseline: date  # the release process is counted from here
    baseline_text: Texts
    primary_organisation: str
    default_population: str
    populations: dict[str, Texts]
    breakdown_values: dict[str, list[str]]  # key of the closed list → this situation's values
    name_in: Texts = {}  # the name after "in", with its article where the language needs one: na Gâmbia
    name_of: Texts = {}  # the same after "of": da Gâmbia; without them the name stands as it is
    everybody: str | None = None  # a part that says nothing here: "7,000 islanders have been freed"
    words: dict[str, dict[str, list[str]]] = {}  # a part, or `ignored` → language → phrases of its texts
    organisation_names: dict[str, Texts] = {}  # organisation → its name in other languages, where it has one
    organisation_short_names: dict[str, Texts] = {}  # organisation → what charts call it, if shorter
    organisation_long_names: dict[str, Texts] = {}  # organisation → what its name stands for, if initials
    organisation_subjects: dict[str, Texts] = {}  # organisation → its name with the article that it takes
    organisation_parts: dict[str, str] = {}  # organisation → the part (key=value) that its name may stand for
    breakdown_labels: dict[str, Texts] = {}  # value → words, where the value itself is not a word
    caveats: list[Texts] = []  # what the figures of this situation do not say
    help: list[Help] = []
    wording: dict[str, Texts] = {}  # id in the catalogues → own text, where the common one does not fit
    policy_events: list[PolicyEvent] = []  # the pace is compared before and after each
    main_events: list[PolicyEvent] = []  # named on charts over time, the most important first
    baseline_tolerance_days: int = 3
    jump_threshold: float = 0.25
    small_cell: int = 5
    accept_auto: bool = False  # figures that the reader of prose is sure of need no person's yes
    default: bool = False  # the one that commands and pages take when none is named
    measure_populations: dict[str, str] = {}  # measure → population, where it is not the default one
    countries: list[
        str
    ] = []  # its own and those of its exiles: whose numbers of people are looked for; [] all
    language_model: LanguageModel | None = None  # a further reader of prose
    signed_by: SignedBy | None = None  # written by `federate` alone
    digest: DigestChannels | None = None  # where what changed is sent
    public_names: list[str] = []  # officials, institutions and places that a text may name
    archive_hosts: list[str] = msgspec.field(
        default_factory=lambda: list(ARCHIVE_HOSTS)
    )  # public archives whose copies of documents are linked
    questions: QuestionChannel | None = None  # where readers say that something is wrong; None: no link

    @property
    def parts(self) -> set[str]:
        """Every key=value that a figure may be a part by."""
        return {f"{key}={value}" for key, values in self.breakdown_values.items() for value in values}


class _Organisations(TomlStruct, frozen=True):
    organisation: list[Organisation]


class _Publishers(TomlStruct, frozen=True):
    publisher: list[Publisher]


def read_toml(path: Path, kind: type[T]) -> T:
    """Read one file of settings strictly. Raises SituationError with the file, and the key at fault."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SituationError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise SituationError(f"{path}: the file is missing") from error


def is_timezone(name: str) -> bool:
    """Whether a time zone is called so. One is opened: to list them all takes a tenth of a second."""
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):  # of a name that is none, a path, a folder
        return False


def read_situation(folder: Path) -> Situation:
    """Read `situation.toml`. Raises SituationError with the file and key at fault."""
    situation = read_toml(folder / "situation.toml", Situation)
    if situation.id != folder.name:
        raise SituationError(
            f"{folder / 'situation.toml'}: id is {situation.id!r}, but its folder is {folder.name!r}"
        )
    if situation.default_population not in situation.populations:
        raise SituationError(
            f"{folder / 'situation.toml'}: default_population {situation.default_population!r} "
            f"is not one of populations {sorted(situation.populations)}"
        )
    if not is_timezone(situation.timezone):
        fault = f"timezone {situation.timezone!r}: no such time zone; they are called like America/Bogota"
        raise SituationError(f"{folder / 'situation.toml'}: {fault}")
    for place, texts in _list_texts(situation):
        _need_text(folder / "situation.toml", place, texts, english=place == "name")
    for what in situation.words:
        if what != "ignored" and not situation.parts.issuperset(what.split(";")):
            raise SituationError(
                f"{folder / 'situation.toml'}: words: {what!r} is neither `ignored` nor a part (key=value) "
                "of breakdown_values"
            )
    for organisation, part in situation.organisation_parts.items():
        if part not in situation.parts:
            raise SituationError(
                f"{folder / 'situation.toml'}: organisation_parts: {organisation}: {part!r} is no part "
                "(key=value) of breakdown_values"
            )
    for code in situation.countries:
        if code not in list_countries():
            raise SituationError(
                f"{folder / 'situation.toml'}: countries: {code!r} is not known; add it to "
                f"pipelines/core/personal_formats.toml, or take of {', '.join(list_countries())}"
            )
    return situation


def _list_texts(situation: Situation) -> Iterator[tuple[str, Texts]]:
    """Every text that readers see, with its place; names that stand in the data's own language are none."""
    for name in ("name", "summary", "baseline_text"):
        yield name, getattr(situation, name)
    for number, caveat in enumerate(situation.caveats, start=1):
        yield f"caveats: number {number}", caveat
    for each in situation.help:
        yield f"help: {each.name}", each.text
    for name in ("populations", "breakdown_labels", "wording"):
        for key, texts in getattr(situation, name).items():
            yield f"{name}: {key}", texts
    for name in ("policy_events", "main_events"):
        for event in getattr(situation, name):
            yield f"{name}: {event.day}", event.title
            if event.name is not None:
                yield f"{name}: {event.day}: name", event.name


def list_untranslated(situation: Situation) -> dict[str, list[str]]:
    """Language → the texts of `situation.toml` that it lacks, so that its readers see the Spanish ones."""
    lacking = {
        language: [place for place, texts in _list_texts(situation) if not texts.get(language, "").strip()]
        for language in ("en", "pt")
    }
    return {language: places for language, places in lacking.items() if places}


def _need_text(path: Path, place: str, texts: Texts, *, english: bool = False) -> None:
    """Raises SituationError without Spanish; of what open data give in `english`, without that."""
    if not texts.get("es", "").strip():
        raise SituationError(
            f"{path}: {place}: its text in Spanish (`es`) is missing, which stands where a language has none"
        )
    if english and not texts.get("en", "").strip():
        raise SituationError(
            f"{path}: {place}: its text in English (`en`) is missing, which the open data have"
        )


def read_organisations(folder: Path) -> list[Organisation]:
    """Read `organisations.toml`. Raises SituationError on an id given twice or an unknown member, and on two
    definitions of one count that begin on one day, or both without a day; on one without Spanish or English.
    """
    path = folder / "organisations.toml"
    organisations = read_toml(path, _Organisations).organisation
    ids = [organisation.id for organisation in organisations]
    for name in ids:
        if ids.count(name) > 1:
            raise SituationError(f"{path}: organisation {name!r} is given twice")
    for organisation in organisations:
        for member in organisation.members:
            if member not in ids:
                raise SituationError(f"{path}: {organisation.id!r} names an unknown member {member!r}")
        for each in organisation.counts:
            place = f"organisation {organisation.id!r}: counts {each.measure} of {each.population}"
            _need_text(path, place, each.text, english=True)
            if each.break_reason is not None:
                _need_text(path, f"{place}: break_reason", each.break_reason)
        begun = [(each.measure, each.population, each.since) for each in organisation.counts]
        for measure, population, since in begun:
            if begun.count((measure, population, since)) > 1:
                when = f"since {since}" if since else "without `since`"
                raise SituationError(
                    f"{path}: {organisation.id!r} defines {measure} of {population} twice {when}"
                )
    return organisations


def check_primary(folder: Path, situation: Situation, organisations: Sequence[Organisation]) -> None:
    """Raises SituationError where `primary_organisation` is none of the organisations."""
    ids = sorted(each.id for each in organisations)
    if situation.primary_organisation not in ids:
        raise SituationError(
            f"{folder / 'situation.toml'}: primary_organisation {situation.primary_organisation!r} "
            f"is none of organisations.toml: {', '.join(ids)}"
        )


def read_publishers(folder: Path) -> list[Publisher]:
    """Read `publishers.toml`; none without it. Raises SituationError for an id given twice, an empty name."""
    path = folder / "publishers.toml"
    if not path.exists():
        return []
    publishers = read_toml(path, _Publishers).publisher
    ids = [publisher.id for publisher in publishers]
    for publisher in publishers:
        if ids.count(publisher.id) > 1:
            raise SituationError(f"{path}: publisher {publisher.id!r} is given twice")
        for language, name in msgspec.structs.asdict(publisher.name).items():
            if not name.strip():
                raise SituationError(f"{path}: publisher {publisher.id!r} has no name in {language!r}")
    return publishers


def list_known_names(situation: Situation, organisations: Sequence[Organisation]) -> list[str]:
    """Names that a text may keep: organisations, who speaks for them, officials, institutions, places."""
    places = [
        value.replace("_", " ")
        for key in ("facility", "place", "region", "case")
        for value in situation.breakdown_values.get(key, [])
    ]
    labels = [text for texts in situation.breakdown_labels.values() for text in texts.values()]
    speakers = [name for each in organisations for name in (each.name, *each.aliases, *each.spokespeople)]
    speakers += [name for each in situation.organisation_names.values() for name in each.values()]
    return [*speakers, *situation.public_names, *places, *labels]


def encode_settings(situation: Situation, organisations: Sequence[Organisation]) -> tuple[bytes, bytes]:
    """A situation and its organisations as bytes that change where anything of them does."""
    encode = msgspec.json.Encoder(order="deterministic").encode
    return encode(situation), encode(list(organisations))


def make_personal_rules(situation: Situation, organisations: Sequence[Organisation] = ()) -> PersonalRules:
    """What is personal in the texts of a situation: the forms of its countries, but for its known names."""
    return PersonalRules(
        tuple(sorted(situation.countries)), fold_names(list_known_names(situation, organisations))
    )
