"""A table of another group is bound by what it unpacks to, whatever its file is like."""

import io
from typing import Any

import polars as pl
import pytest

from pipelines.federation import signed_folder
from pipelines.federation.copied_situation import _read_table


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"x": pl.repeat(0, 1_000_000, dtype=pl.Int64, eager=True)}, None),
        ({f"c{n}": pl.int_range(1_000_000, eager=True) for n in range(126)}, "unpacks to more than"),
        ({"claim_id": pl.repeat("long" * 300, 1_000_000, eager=True)}, "the texts of one of its tables"),
        ({"claim_id": [["a", "b"]]}, "lists in its cells"),
    ],
)
def test_a_small_file_that_unpacks_to_a_great_one_is_refused(
    table: dict[str, Any], reason: str | None
) -> None:
    small = io.BytesIO()
    pl.DataFrame(table).write_parquet(small, compression="zstd")
    assert len(small.getvalue()) < signed_folder.LARGEST
    if reason is None:
        assert _read_table(small.getvalue()).height == 1_000_000
        return
    with pytest.raises(signed_folder.RefusedFolderError, match=reason):
        _read_table(small.getvalue())
