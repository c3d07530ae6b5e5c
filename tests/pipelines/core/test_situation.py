"""A key of `situation.toml` that names nothing stops the build, with its file and key."""

import pytest

from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError
from pipelines.warehouse import build
from tests.conftest import TODAY


@pytest.mark.parametrize(
    ("written", "mistyped", "said"),
    [
        ('timezone = "America/Caracas"', 'timezone = "Madrid"', "timezone 'Madrid': no such time zone"),
        (
            'primary_organisation = "lista"',
            'primary_organisation = "grup"',
            "primary_organisation 'grup' is none",
        ),
    ],
)
def test_a_mistyped_key_is_named(data: DataDir, written: str, mistyped: str, said: str) -> None:
    path = data.situation("islandia") / "situation.toml"
    text = path.read_text(encoding="utf-8")
    assert written in text
    path.write_text(text.replace(written, mistyped), encoding="utf-8")
    with pytest.raises(SituationError, match=f"situation.toml: {said}"):
        build.build(data, today=TODAY)
