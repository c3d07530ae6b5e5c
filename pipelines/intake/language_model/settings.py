"""Where the language model is, and how it may be asked: `[language_model]` of a situation, the environment.

`$LIBEROMETRO_MODEL_ADDRESS`, `$LIBEROMETRO_MODEL_NAME` and `$LIBEROMETRO_MODEL_ALLOW_REMOTE` (yes or no) take
the place of what `situation.toml` says; the key stands in `$LIBEROMETRO_MODEL_KEY` alone.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from pipelines.core.situation import LanguageModel, Situation, SituationError
from pipelines.intake.crawler.address_guard import Place, Resolve, is_loopback, is_nobodys, parse_place
from pipelines.intake.crawler.crawl_state import RefusedError

ADDRESS: Final = "LIBEROMETRO_MODEL_ADDRESS"
NAME: Final = "LIBEROMETRO_MODEL_NAME"
KEY: Final = "LIBEROMETRO_MODEL_KEY"
REMOTE: Final = "LIBEROMETRO_MODEL_ALLOW_REMOTE"
_PATH: Final = "/chat/completions"
_ANY_PORT: Final = range(1, 65_536)
_YES: Final = {"yes": True, "no": False}


class ModelSettingsError(SituationError):
    """No language model can be asked as things are set; the message says what to change."""


@dataclass(frozen=True)
class ModelServer:
    """One server, checked as far as words can be: `resolve_server` looks at the addresses of its name.

    `key` is sent to the server and shown nowhere.
    """

    place: Place
    model: str
    settings: LanguageModel
    key: str | None = field(default=None, repr=False)

    @property
    def is_here(self) -> bool:
        """Whether its name says that it is on this machine: then `resolve_server` takes no other for it."""
        return self.place.host == "localhost" or is_loopback(self.place.host)

    @property
    def masks_unknown_words(self) -> bool:
        """Whether only words known to be nobody's name are sent; else all but what looks like a name."""
        masks = self.settings.masks
        return not self.is_here if masks is None else masks == "unknown_words"


def read_server(situation: Situation, environment: Mapping[str, str] | None = None) -> ModelServer:
    """The server that a situation's texts are sent to. Raises ModelSettingsError where none is set, where it
    is not a plain web address, and where a key would go to an address that only the files name."""
    said = os.environ if environment is None else environment
    settings = situation.language_model or LanguageModel()
    remote = said.get(REMOTE, "").strip().lower()
    if remote and remote not in _YES:
        raise ModelSettingsError(f"${REMOTE} is yes or no")
    settings = msgspec.structs.replace(
        settings,
        address=said.get(ADDRESS, "").strip() or settings.address,
        model=said.get(NAME, "").strip() or settings.model,
        allow_remote=_YES.get(remote, settings.allow_remote),
    )
    if not settings.address or not settings.model:
        raise ModelSettingsError(
            "no language model is set: give `address` and `model` below [language_model] in situation.toml, "
            f"or ${ADDRESS} and ${NAME} (docs/extraction.md)"
        )
    key = said.get(KEY) or None
    if key is not None and not all("!" <= character <= "~" for character in key):
        raise ModelSettingsError(f"${KEY} holds a character that a key cannot have: a space, a line's end …")
    if key is not None and not said.get(ADDRESS, "").strip():
        raise ModelSettingsError(
            f"${KEY} is set and ${ADDRESS} is not: a key goes only where the environment says, never where "
            "a file of the data folder does"
        )
    return ModelServer(_find_place(settings.address), settings.model, settings, key)


def _find_place(address: str) -> Place:
    """Where questions go: below `/v1`, unless the address has a path of its own."""
    try:
        place = parse_place(address, _ANY_PORT)
    except RefusedError as error:
        raise ModelSettingsError(f"the language model's address: {error}") from error
    if "?" in place.path or "#" in address:
        raise ModelSettingsError("the language model's address has a query or a fragment; leave it out")
    path = place.path.rstrip("/") or "/v1"
    path = path if path.endswith(_PATH) else path + _PATH
    return Place(f"{place.origin}{path}", place.scheme, place.host, place.port, path)


def resolve_server(server: ModelServer, resolve: Resolve) -> list[str]:
    """The addresses that a connection may be made to. Raises ModelSettingsError where one of them is another
    machine and that is not allowed, or nobody's, and for another machine without https."""
    place = server.place
    addresses = resolve(place.host, place.port)
    if not addresses:
        raise ModelSettingsError(f"the name {place.host} has no address")
    if all(map(is_loopback, addresses)):
        return addresses
    if server.is_here or not server.settings.allow_remote:
        raise ModelSettingsError(
            f"{place.host} is another machine: only this one is asked, unless `allow_remote = true`"
        )
    if place.scheme != "https":
        raise ModelSettingsError(f"{place.host} is another machine: it is asked over https only")
    for address in addresses:
        if is_nobodys(address):
            raise ModelSettingsError(f"{place.host} leads to {address}, which is no server's address")
    return addresses
