"""A folder that is older than one taken before stays refused, whatever lay at its address in between."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipelines.core.paths import DataDir
from pipelines.core.signatures import write_pem
from pipelines.core.situation import SituationError
from pipelines.federation.newest_taken import RECORD
from pipelines.federation.taking import FILE, take_all
from pipelines.intake.crawler.polite_client import Outside
from tests.pipelines.federation.conftest import KEY, NAME, name_group, sign_anew, take

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = datetime.now(UTC)
OLD = "somebody serves an old copy"


def publish(ours: DataDir, days_ago: int, out: str, key: Ed25519PrivateKey = KEY) -> None:
    """Their site as it was signed some days ago; its address leads there."""

    def date_back(content: bytes) -> bytes:
        created = NOW - timedelta(days=days_ago)
        return json.dumps(json.loads(content) | {"created": created.isoformat()}).encode()

    sign_anew(ours, date_back, "datapackage.json", out, key)


def make_trusted(ours: DataDir, key: Ed25519PrivateKey) -> None:
    (ours.root / "their.pem").write_bytes(write_pem(key.public_key()))


@pytest.fixture
def taken(ours: DataDir) -> DataDir:
    """Ours, once a folder of today was taken; their address leads to one of nine days before."""
    publish(ours, 0, "new")
    assert take(ours).signed_by
    publish(ours, 9, "old")
    return ours


def test_an_old_copy_stays_refused(taken: DataDir) -> None:
    for _ in range(3):
        assert OLD in take(taken).trouble
        assert taken.situations() == ["islandia"]
    name_group(taken, "../new")
    assert take(taken).is_new


def test_what_another_key_signed_in_between_does_not_let_it_in(taken: DataDir) -> None:
    publish(taken, 0, "forged", OTHER)
    assert "not signed by the key" in take(taken).trouble
    name_group(taken, "../old")
    assert OLD in take(taken).trouble


def test_nor_does_a_group_that_was_off_the_list_or_its_folder_away(taken: DataDir) -> None:
    groups = (taken.root / FILE).read_bytes()
    (taken.root / FILE).write_bytes(b"")
    assert take_all(taken, NOW, Outside()) == []
    (taken.root / FILE).write_bytes(groups)
    assert OLD in take(taken).trouble
    name_group(taken, "../new")
    assert take(taken).signed_by
    shutil.rmtree(taken.situation(NAME))
    name_group(taken, "../old")
    assert OLD in take(taken).trouble


def test_a_new_key_begins_anew_and_the_one_before_is_not_forgotten(taken: DataDir) -> None:
    publish(taken, 5, "rotated", OTHER)
    make_trusted(taken, OTHER)
    assert take(taken).signed_by
    make_trusted(taken, KEY)
    name_group(taken, "../old")
    assert OLD in take(taken).trouble


def test_a_folder_that_was_taken_and_not_noted_is_noted_by_the_next_run(taken: DataDir) -> None:
    (taken.root / RECORD).unlink()  # the run was killed before it wrote it
    for _ in range(2):
        assert OLD in take(taken).trouble


def test_a_damaged_record_is_named_and_nothing_is_taken(taken: DataDir) -> None:
    (taken.root / RECORD).write_text("[{}]", encoding="utf-8")
    with pytest.raises(SituationError, match=f"{RECORD} is damaged"):
        take(taken)
