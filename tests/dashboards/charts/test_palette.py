"""The colours of organisations, seen without one kind of cone, on both grounds; never the only difference.

Deficiencies are simulated after Machado, Oliveira and Fernandes (2009), severity 1; distances are CIE 1976.
"""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from dashboards.charts.theme import PALETTE, SHAPES, choose_look

EYES = {
    "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no long": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no middle": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no short": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
CLOSEST = 5.0  # below this nobody can tell two patches apart
FRONT_PAGE = 40.0  # in prison, and out of it: told apart at a glance


def linear(colour: str) -> np.ndarray:
    """Linear red, green and blue of a colour written #RRGGBB."""
    shares = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE Lab of linear red, green and blue."""
    share = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def luminance(colour: str) -> float:
    return float(TO_XYZ[1] @ linear(colour))


@pytest.mark.parametrize("eye", EYES)
def test_two_organisations_differ_in_colour_for_every_eye_and_the_front_page_pair_most(eye: str) -> None:
    seen = [lab(np.array(EYES[eye]) @ linear(colour)) for colour in PALETTE]
    apart = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(apart) >= CLOSEST
    assert apart[0] >= FRONT_PAGE  # the first two slots


def test_two_organisations_never_differ_in_colour_alone() -> None:
    looks = [choose_look(slot) for slot in range(len(PALETTE))]
    assert len({each.shape for each in looks}) == len(looks)
    assert len(set(SHAPES)) == len(SHAPES)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mark_stands_out_three_to_one_on_the_page(theme: str) -> None:
    settings = tomllib.loads(Path(".streamlit/config.toml").read_text("utf-8"))
    ground = luminance(settings["theme"][theme]["backgroundColor"])
    for colour in PALETTE:
        darker, lighter = sorted((luminance(colour), ground))
        assert (lighter + 0.05) / (darker + 0.05) >= 3
