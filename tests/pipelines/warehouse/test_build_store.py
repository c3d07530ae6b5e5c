"""The store that $LIBEROMETRO_BUILDS names: what is a store, who may be asked, and what is never said."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.warehouse.build_store import (
    AbsentError,
    BuildStore,
    DamagedStoreError,
    StoreError,
    open_store,
)
from tests.stores import KEY, SECRET, Line, Server, run_server

NAMES = ("LIBEROMETRO_BUILDS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_REGION")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT", "AWS_ALLOW_HTTP"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with run_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


def open_at(patch: pytest.MonkeyPatch, **stated: str) -> BuildStore:
    for name, value in stated.items():
        patch.setenv(name, value)
    store = open_store()
    assert store is not None
    return store


@pytest.fixture(params=["bucket", "folder", "file"])
def store(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, server: Server, tmp_path: Path
) -> BuildStore:
    if request.param == "bucket":
        return open_at(
            monkeypatch, **server.environment() | {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}/x"}
        )
    (tmp_path / "a share").mkdir()
    place = tmp_path / "a share"
    stated = str(place) if request.param == "folder" else place.as_uri()
    return open_at(monkeypatch, LIBEROMETRO_BUILDS=stated)


def test_what_is_written_is_read_listed_and_removed(store: BuildStore) -> None:
    large = bytes(range(256)) * 80_000
    assert store.list_sizes("releases") == {}
    store.write("releases/a.duckdb", large)
    store.write("releases/b.json", b"{}")
    assert store.list_sizes("releases") == {"releases/a.duckdb": len(large), "releases/b.json": 2}
    assert b"".join(store.read_pieces("releases/a.duckdb")) == large
    store.remove(["releases/a.duckdb", "releases/none"])
    assert list(store.list_sizes("releases")) == ["releases/b.json"]
    with pytest.raises(AbsentError, match=r"there is no releases/a\.duckdb"):
        store.hash("releases/a.duckdb")


def test_a_small_object_is_read_once_for_each_version(store: BuildStore) -> None:
    assert store.replace("current.json", b"one", None)
    found = store.read("current.json", 10)
    assert found is not None
    assert found[0] == b"one"
    assert store.read("current.json", 10, found[1]) is None
    store.replace("current.json", b"other", found[1])
    again = store.read("current.json", 10, found[1])
    assert again is not None
    assert again[0] == b"other"
    with pytest.raises(DamagedStoreError, match="too long"):
        store.read("current.json", 4)


def test_a_server_that_knows_conditions_lets_one_writer_win(
    monkeypatch: pytest.MonkeyPatch, server: Server, tmp_path: Path
) -> None:
    store = open_at(
        monkeypatch, **server.environment() | {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"}
    )
    assert store.replace("current.json", b"one", None)
    assert not store.replace("current.json", b"two", None)
    found = store.read("current.json", 10)
    assert found is not None
    assert store.replace("current.json", b"three", found[1])
    assert not store.replace("current.json", b"four", found[1])
    now = store.read("current.json", 10)
    assert now is not None
    assert now[0] == b"three"


def test_nothing_named_is_no_store() -> None:
    assert open_store() is None


@pytest.mark.parametrize(
    "place",
    ["s3://", "s3://A", "s3://KEY:topsecret@builds/x", "https://topsecret.example/b", "gs://builds/x"],
)
def test_what_is_no_store_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    with pytest.raises(StoreError, match="LIBEROMETRO_BUILDS has to be s3://bucket/folder") as refused:
        open_at(monkeypatch, LIBEROMETRO_BUILDS=place)
    assert "topsecret" not in str(refused.value)


@pytest.mark.parametrize("stated", [{}, {"AWS_ACCESS_KEY_ID": KEY}, {"AWS_SECRET_ACCESS_KEY": SECRET}])
def test_without_keys_no_service_of_the_network_is_asked_for_some(
    monkeypatch: pytest.MonkeyPatch, stated: dict[str, str]
) -> None:
    with pytest.raises(StoreError, match="AWS_SECRET_ACCESS_KEY is not"):
        open_at(monkeypatch, LIBEROMETRO_BUILDS="s3://builds/x", **stated)


@pytest.mark.parametrize(
    ("address", "more", "taken"),
    [
        ("http://192.0.2.7:9000", {}, False),
        ("http://127.0.0.1.example.org", {}, False),
        ("HTTP://store.example.org", {}, False),
        ("http://192.0.2.7:9000", {"AWS_ALLOW_HTTP": "false"}, False),
        ("http://192.0.2.7:9000", {"AWS_ALLOW_HTTP": "true"}, True),
        ("http://127.0.0.1:9000", {}, True),
        ("http://[::1]:9000", {}, True),
        ("http://localhost:9000", {}, True),
        ("https://store.example.org", {}, True),
        ("", {}, True),
    ],
)
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"])
def test_plain_http_stays_on_this_machine_unless_it_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, more: dict[str, str], taken: bool
) -> None:
    stated = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, name: address, **more}
    if taken:
        assert open_at(monkeypatch, LIBEROMETRO_BUILDS="s3://builds/x", **stated).name == "s3://builds/x"
    else:
        with pytest.raises(StoreError, match="AWS_ALLOW_HTTP=true allows it"):
            open_at(monkeypatch, LIBEROMETRO_BUILDS="s3://builds/x", **stated)


def test_opening_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        open_at(monkeypatch, **Server(Path(), port).environment())
        listening.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "another-secret"}, "refuses our keys"),
        ({"AWS_ACCESS_KEY_ID": "AKIASOMEBODY"}, "refuses our keys"),
        ({"LIBEROMETRO_BUILDS": "s3://other/x"}, "there is no current.json"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"AWS_ENDPOINT_URL": "http://:9"}, "."),
    ],
)
def test_what_goes_wrong_is_one_line_without_a_secret(
    monkeypatch: pytest.MonkeyPatch, server: Server, changed: dict[str, str], reason: str
) -> None:
    stated = server.environment() | changed
    with pytest.raises(StoreError, match=reason) as refused:
        open_at(monkeypatch, **stated).read("current.json", 100)
    told = str(refused.value)
    assert "\n" not in told
    for secret in (SECRET, KEY, "another-secret", "AKIASOMEBODY", "Signature"):
        assert secret not in told


@pytest.mark.parametrize(
    ("fault", "reason"), [("500", "it answers 500"), ("cut", "broke off|does not answer")]
)
def test_a_line_that_fails_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, server: Server, fault: str, reason: str
) -> None:
    direct = open_at(monkeypatch, **server.environment())
    direct.write("large", bytes(2_000_000))
    line = Line(server.port)
    store = open_at(monkeypatch, **server.environment(line.port))
    line.fault = fault
    with pytest.raises(StoreError, match=reason):
        store.hash("large")
    line.fault = ""
    assert store.hash("large") == direct.hash("large")
    line.close()


def test_a_folder_that_is_not_there_is_a_failure_and_is_not_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = open_at(monkeypatch, LIBEROMETRO_BUILDS=str(tmp_path / "share"))
    with pytest.raises(StoreError, match="make it, or mount it"):
        store.read("current.json", 100)
    assert not (tmp_path / "share").exists()
    (tmp_path / "share").mkdir()
    with pytest.raises(AbsentError):
        store.read("current.json", 100)
