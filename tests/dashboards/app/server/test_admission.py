"""Who is let in to work, who waits and who is refused."""

import threading
import time

import pytest

from dashboards.app.server.admission import Gate, RefusedError, group_address


def make_gate(**other: float) -> Gate:
    return Gate("test", **({"cost": 10, "own_cost": 6, "at_once": 2, "own_at_once": 1, "wait": 5} | other))  # type: ignore[arg-type]


def test_too_much_in_all_is_refused_at_once_and_let_in_when_there_is_place() -> None:
    gate = make_gate()
    with gate.let_in("192.0.2.1", 5), gate.let_in("192.0.2.2", 5):
        begun = time.monotonic()
        with pytest.raises(RefusedError), gate.let_in("192.0.2.3"):
            pass
        assert time.monotonic() - begun < 1
    with gate.let_in("192.0.2.3", 6):
        pass


def test_one_address_has_only_its_share_and_others_get_on() -> None:
    gate = make_gate()
    with gate.let_in("192.0.2.1", 6):
        with pytest.raises(RefusedError), gate.let_in("192.0.2.1"):
            pass
        with gate.let_in("192.0.2.2", 4):
            pass


def test_one_address_never_takes_every_place_to_work() -> None:
    gate, worked = make_gate(wait=0.3), threading.Event()

    def work() -> None:
        with gate.at_work("192.0.2.1"):
            worked.wait(10)

    first = threading.Thread(target=work)
    first.start()
    time.sleep(0.05)
    with pytest.raises(RefusedError), gate.at_work("192.0.2.1"):
        pass
    with gate.at_work("192.0.2.2"):
        worked.set()
    first.join()


def test_what_failed_leaves_its_place() -> None:
    gate = make_gate()
    for _ in range(20):
        with pytest.raises(ValueError, match="no"), gate.let_in("192.0.2.1", 6), gate.at_work("192.0.2.1"):
            raise ValueError("no")
    assert gate.is_idle(-1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one owner has all of a /64
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("<script>", "no address", True),
    ],
)
def test_an_address_is_one_visitor(one: str, other: str, same: bool) -> None:
    assert (group_address(one) == group_address(other)) == same


def test_refusals_are_one_line_each_and_name_nobody(caplog: pytest.LogCaptureFixture) -> None:
    gate = make_gate()
    for _ in range(3):
        with pytest.raises(RefusedError), gate.let_in("192.0.2.77", 7):
            pass
    lines = [each for each in caplog.messages if each.startswith("refused")]
    assert lines == ["refused: test, too much at once"] * 3
    assert all(each.exc_info is None for each in caplog.records)
