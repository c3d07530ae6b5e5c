"""Off unless set, this machine only unless allowed; a key goes only where the environment says."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.core.situation import LanguageModel, Situation, SituationError, read_situation
from pipelines.intake.language_model.settings import (
    ADDRESS,
    KEY,
    NAME,
    REMOTE,
    ModelServer,
    ModelSettingsError,
    read_server,
    resolve_server,
)
from tests.pipelines.intake.language_model.conftest import SECRET, Islandia
from tests.pipelines.intake.prose.conftest import SITUATION

HERE = {ADDRESS: "http://127.0.0.1:8080", NAME: "small"}


def with_model(islandia: Islandia, **settings: Any) -> Situation:
    given = {name: getattr(islandia[0], name) for name in islandia[0].__struct_fields__}
    return Situation(**{**given, "language_model": LanguageModel(**settings)})


def resolve(server: ModelServer, *addresses: str) -> list[str]:
    return resolve_server(server, lambda *_: list(addresses))


def test_nothing_is_set_by_default(islandia: Islandia) -> None:
    with pytest.raises(ModelSettingsError, match="no language model is set"):
        read_server(islandia[0], {})


def test_the_shipped_situations_set_none() -> None:
    from pipelines.core.paths import ROOT

    folders = [path.parent for path in (ROOT / "data").glob("*/situation.toml")]
    assert folders
    assert [each for each in folders if read_situation(each).language_model is not None] == []


def test_the_file_is_read_strictly(tmp_path: Path) -> None:
    folder = tmp_path / "islandia"
    folder.mkdir()
    path = folder / "situation.toml"
    path.write_text(SITUATION + '[language_model]\naddress = "http://127.0.0.1:8080"\nmodel = "small"\n')
    assert read_server(read_situation(folder), {}).place.url == "http://127.0.0.1:8080/v1/chat/completions"
    for line in ('key = "x"', "proxy = true", "attempts = 0", "seconds = -1", 'masks = "none"'):
        path.write_text(SITUATION + f"[language_model]\n{line}\n")
        with pytest.raises(SituationError, match=r"situation\.toml"):
            read_situation(folder)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1/chat/completions"),
        ("https://modelo.example/api/v3", "https://modelo.example/api/v3/chat/completions"),
        ("http://[::1]:8080/v1/chat/completions", "http://[::1]:8080/v1/chat/completions"),
    ],
)
def test_an_address_is_that_of_the_server_or_of_its_interface(
    address: str, url: str, islandia: Islandia
) -> None:
    assert read_server(islandia[0], HERE | {ADDRESS: address}).place.url == url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8080",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "http://me:word@127.0.0.1",
        "http://127.0.0.1/v1?key=1",
        "http://127.0.0.1/v1#a",
        "http://2130706433",
        "http://127.0.0.1\\@modelo.example",
        "http://",
    ],
)
def test_what_is_no_plain_web_address_is_refused(address: str, islandia: Islandia) -> None:
    with pytest.raises(ModelSettingsError):
        read_server(islandia[0], HERE | {ADDRESS: address})


def test_the_environment_takes_the_place_of_the_file(islandia: Islandia) -> None:
    situation = with_model(islandia, address="http://127.0.0.1:1/v1", model="a", allow_remote=True)
    server = read_server(situation, {ADDRESS: "http://127.0.0.1:2", REMOTE: "no"})
    assert (server.place.port, server.model, server.settings.allow_remote) == (2, "a", False)
    with pytest.raises(ModelSettingsError, match="yes or no"):
        read_server(situation, {REMOTE: "perhaps"})


def test_only_this_machine_is_asked(islandia: Islandia) -> None:
    named = read_server(islandia[0], HERE | {ADDRESS: "https://modelo.example"})
    assert resolve(named, "127.0.0.1") == ["127.0.0.1"]
    assert resolve(named, "::1", "::ffff:127.0.0.1")
    for addresses in (["192.0.2.7"], ["127.0.0.1", "192.0.2.7"], ["10.0.0.1"], ["fe80::1%eth0"], ["0.0.0.0"]):
        with pytest.raises(ModelSettingsError, match="another machine"):
            resolve(named, *addresses)
    with pytest.raises(ModelSettingsError, match="no address"):
        resolve(named)


def test_another_machine_is_asked_where_it_is_allowed_and_over_https(islandia: Islandia) -> None:
    remote = HERE | {ADDRESS: "https://modelo.example", REMOTE: "yes"}
    assert resolve(read_server(islandia[0], remote), "192.0.2.7") == ["192.0.2.7"]
    with pytest.raises(ModelSettingsError, match="https"):
        resolve(read_server(islandia[0], remote | {ADDRESS: "http://modelo.example"}), "192.0.2.7")
    for nobody in ("169.254.169.254", "224.0.0.1", "0.0.0.0", "fe80::1%2", "::ffff:169.254.169.254"):
        with pytest.raises(ModelSettingsError, match="no server's address"):
            resolve(read_server(islandia[0], remote), nobody)


def test_a_name_of_this_machine_never_means_another(islandia: Islandia) -> None:
    server = read_server(islandia[0], {ADDRESS: "https://localhost:8080", NAME: "small", REMOTE: "yes"})
    with pytest.raises(ModelSettingsError, match="another machine"):
        resolve(server, "192.0.2.7")


def test_unknown_words_are_masked_for_another_machine(islandia: Islandia) -> None:
    assert not read_server(islandia[0], HERE).masks_unknown_words
    elsewhere = HERE | {ADDRESS: "https://modelo.example"}
    assert read_server(islandia[0], elsewhere).masks_unknown_words
    assert not read_server(with_model(islandia, masks="names"), elsewhere).masks_unknown_words
    assert read_server(with_model(islandia, masks="unknown_words"), HERE).masks_unknown_words


def test_a_key_goes_only_where_the_environment_says(islandia: Islandia) -> None:
    situation = with_model(islandia, address="http://127.0.0.1:8080", model="small", allow_remote=True)
    with pytest.raises(ModelSettingsError, match="a key goes only where the environment says") as error:
        read_server(situation, {KEY: SECRET})
    assert SECRET not in str(error.value)
    assert read_server(situation, HERE | {KEY: SECRET}).key == SECRET


@pytest.mark.parametrize("key", [f"{SECRET}\r\nX-Evil: 1", f"{SECRET} x", f"{SECRET}ñ", f"{SECRET}\x00"])
def test_a_key_that_is_none_is_refused_and_not_repeated(key: str, islandia: Islandia) -> None:
    with pytest.raises(ModelSettingsError, match="cannot have") as error:
        read_server(islandia[0], HERE | {KEY: key})
    assert SECRET not in str(error.value)


def test_a_key_is_not_shown_with_its_server(islandia: Islandia) -> None:
    assert SECRET not in repr(read_server(islandia[0], HERE | {KEY: SECRET}))
