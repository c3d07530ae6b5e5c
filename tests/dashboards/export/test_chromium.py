"""The one Chromium draws the same whatever it drew before, several at once, and survives its own death."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import etree

from dashboards.export import chromium
from dashboards.export.chromium import PictureFailedError

pytestmark = pytest.mark.browser


def figure(number: int) -> str:
    """A figure as JSON; its names of parts are given, so that two drawings differ in nothing but chance."""
    trace = {"type": "scatter", "uid": "t0", "x": [1, 2, 3], "y": [number, 4, 9], "name": f"n{number}"}
    return json.dumps({"data": [trace], "layout": {"title": {"text": f"Cifra {number}"}}})


def drawn(number: int) -> str:
    """Its picture without what chance gives it: a name, and the order of attributes."""
    svg = chromium.draw_svg(figure(number), 500, 300).decode()
    name = svg.partition('id="defs-')[2][:6]
    assert len(name) == 6
    return str(etree.canonicalize(svg.replace(name, "")))


def test_a_picture_is_the_same_whatever_was_drawn_before_it_in_whichever_tab() -> None:
    alone = [drawn(number) for number in range(6)]
    assert len(set(alone)) == 6
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, [5, 4, 3, 2, 1, 0])) == alone[::-1]


def test_a_browser_that_dies_while_it_draws_is_started_again_and_no_picture_is_lost() -> None:
    alone = [drawn(number) for number in range(8)]
    first = chromium.find_process_id()
    assert first is not None
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(drawn, number) for number in range(8)]
        os.kill(first, signal.SIGKILL)
        assert [each.result() for each in waiting] == alone
    assert chromium.find_process_id() not in (None, first)


def test_a_browser_is_closed_when_nobody_used_it_for_a_while_and_never_while_it_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn(0)
    first = chromium.find_process_id()
    monkeypatch.setattr(chromium, "IDLE_SECONDS", 0.3)
    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(drawn, number) for number in range(40)]:
            each.result()
            assert chromium.find_process_id() == first
    for _ in range(100):
        if chromium.find_process_id() is None:
            break
        time.sleep(0.1)
    assert chromium.find_process_id() is None
    drawn(0)
    assert chromium.find_process_id() not in (None, first)


def test_a_figure_that_plotly_refuses_is_an_error_and_the_next_is_drawn() -> None:
    with pytest.raises(PictureFailedError):
        chromium.draw_svg("no JSON", 500, 300)
    assert "Cifra 1" in drawn(1)
