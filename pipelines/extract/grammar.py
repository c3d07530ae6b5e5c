"""One language file as a volunteer writes it: which lists it has and what each means."""

import msgspec

from pipelines.model import Qualifier


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Numbers(_Strict, frozen=True, kw_only=True):
    """How numbers are written in words."""

    words: list[str]  # what a spelled number is made of; its value comes from text2num
    one: list[str]  # "un", "una": a number only before people or an event
    articles: list[str] = []  # may stand between a qualifier and its number
    compounds: bool = False  # numbers are written in one word: `words` are its pieces
    joiners: list[str] = []  # words inside a spelled number: "y", "and"
    spelling: dict[str, str] = {}  # spellings that text2num does not know
    nouns: dict[str, int] = {}  # "centenar" = 100
    ratios: list[str] = []  # "de cada" in "ocho de cada diez": no figures
    halves: list[str] = []  # "medio" in "medio centenar", "half a" in "half a dozen"
    multipliers: dict[str, int] = {}  # "9 mil", "3 thousand"
    none: list[str] = []  # "ninguna": zero, before an event


class Dates(_Strict, frozen=True, kw_only=True):
    """How days, months and windows are written."""

    months: list[list[str]]
    weekdays: list[list[str]]  # Monday first
    patterns: list[str]  # with {day} {month} {year} {weekday}
    first_of_month: list[str] = []  # "primero" in "primero de mayo"
    relative: dict[str, int]  # "ayer" = -1 days
    past: list[str]  # before or after a weekday: "pasado"
    same_day: list[str] = []  # "esa fecha"
    reports: list[str] = []  # "informe", "count": the day that a report bears is that of its figures
    bare_day: list[str] = []  # before a day without its month: "el" in "una el 27"
    recent: list[str] = []  # "en los últimos días": a window without a start
    weeks: list[str]  # "la semana pasada"
    weekend: list[str]
    year_start: list[str]  # "en lo que va de año"
    month_start: list[str] = []
    between_words: list[str]  # what may stand between a role word and its date
    since: list[str]
    until: list[str]
    between: list[str]
    after: list[str]
    before: list[str] = []
    joiners: list[str]
    post_election: list[str] = []  # "poselectorales": a window that starts with the situation's cohort
    in_year: list[str] = []  # "en 2024"


class Attribution(_Strict, frozen=True, kw_only=True):
    """Who says it."""

    announce: list[str]  # a batch made public: "anunció la excarcelación de"
    said: list[str]
    according: list[str]
    by: list[str]
    objects: list[str]  # words before a name that is spoken to, not speaking
    relative: list[str]  # "que", "that"
    joint: list[str]
    clause_openers: list[str] = []  # before a name that opens a clause: "y", "mientras"
    ngo: list[str]  # "la ONG": the organisation named before
    official: list[str] = []  # "cifras oficiales": of the one office that is named, else the government
    own: list[str] = []  # "su presidente": of whoever was named before, whatever they are
    ngos: list[str]  # "las ONG": nobody in particular
    government: list[str]
    families: list[str] = []
    outlets: list[str] = []


class Grammar(_Strict, frozen=True, kw_only=True):
    """One language file as written."""

    language: str
    stopwords: list[str]
    numbers: Numbers
    qualifiers: dict[Qualifier, list[str]]
    qualifiers_after: dict[Qualifier, list[str]] = {}
    range_joiners: list[str] = []
    change_from: list[str] = []  # "de" and "a" in "bajó de 940 a 807"
    change_to: list[str] = []
    classes: dict[str, list[str]]
    breakdowns: dict[str, list[str]]
    people: list[str]
    compatriots: list[str] = []  # the part that is everybody, unless the sentence names another nationality
    fillers: list[str]
    copulas: list[str]
    lead_in: list[str]
    there_is: list[str] = []  # "hay", after a label: "sin condena hay 528"
    causes: list[str] = []  # "se redujo a 678 tras las excarcelaciones": why it changed, not what is counted
    function_words: list[str]
    boundaries: list[str]
    asides: list[str] = []  # words that open an aside between two commas: "en", "sin", "bajo"
    part_of: list[str]
    cumulative: list[str]
    additional: list[str]
    units: list[str]
    units_before: list[str]
    rates: list[str] = []  # "al día": so many each day, not so many
    kin: list[str] = []  # "su hijo, 29, …": a number after a relative is an age
    compared: list[str]
    ignored: list[str] = []
    dates: Dates
    attribution: Attribution
