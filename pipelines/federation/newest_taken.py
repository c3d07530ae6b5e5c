"""Of when the newest folder is that was ever taken of each group: what is older is an old copy.

It is kept beside the situations and not in them: one whose folder is refused goes, and with it what it says
of itself. Whoever serves an old copy would otherwise only have to serve it twice.
"""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from pipelines.core.paths import DataDir
from pipelines.core.situation import SignedBy, SituationError
from pipelines.intake.crawler.crawl_state import write_json

RECORD: Final = "federation_taken.json"


class _Newest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one id under one key: a group that changes its key may begin with an older folder."""

    id: str
    fingerprint: str
    created: Annotated[datetime, msgspec.Meta(tz=True)]


def read_newest(data: DataDir) -> dict[tuple[str, str], datetime]:
    """Id and fingerprint of a key → when the newest folder was made. Raises SituationError."""
    path = data.root / RECORD
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[_Newest])
    except FileNotFoundError:
        return {}
    except (msgspec.MsgspecError, ValueError) as error:
        raise SituationError(
            f"{path} is damaged ({error}): put its copy back; without it old copies of folders are taken"
        ) from error
    return {(each.id, each.fingerprint): each.created for each in found}


def remember(data: DataDir, name: str, by: SignedBy) -> None:
    """Note a folder that was taken, where it is newer than what is noted."""
    newest = read_newest(data)
    noted = newest.get((name, by.fingerprint))
    if noted is None or noted < by.created:
        newest[name, by.fingerprint] = by.created
        write_json(data.root / RECORD, [_Newest(*key, created) for key, created in newest.items()])
