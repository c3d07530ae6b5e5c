"""From which probability on a claim is sure: the bar, from claims whose truth is known."""

from training.agreeing import NEVER, choose_bar


def judge(right: int, wrong: int, down_to: float) -> list[tuple[float, bool]]:
    """Claims whose probabilities fall evenly from 1, the wrong ones evenly among the right."""
    count = right + wrong
    every = count // wrong if wrong else count + 1
    step = (1 - down_to) / (count - 1)
    return [(1 - step * place, (place + 1) % every != 0) for place in range(count)]


def test_the_bar_is_the_lowest_above_which_enough_are_right() -> None:
    surely_wrong = [(0.4 - place / 1000, False) for place in range(100)]
    assert choose_bar([*judge(100, 0, down_to=0.9), *surely_wrong]) == 0.9


def test_the_order_of_the_claims_is_nothing_to_it() -> None:
    judged = judge(100, 0, down_to=0.9)
    assert choose_bar(reversed(judged)) == choose_bar(judged)


def test_wrong_claims_that_are_as_likely_as_right_ones_count_at_that_bar() -> None:
    assert choose_bar([*[(0.95, True)] * 100, *[(0.95, False)] * 10]) == NEVER


def test_98_in_100_that_just_hold_here_are_no_bar() -> None:
    assert choose_bar(judge(98, 2, down_to=0.9)) == NEVER


def test_98_in_100_by_a_standard_error_are_one() -> None:
    assert choose_bar(judge(990, 10, down_to=0.75)) == 0.75


def test_a_few_that_are_all_right_say_nothing() -> None:
    assert choose_bar(judge(59, 0, down_to=0.9)) == NEVER
    assert choose_bar(judge(60, 0, down_to=0.9)) == 0.9
    assert choose_bar([]) == NEVER
