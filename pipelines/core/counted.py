"""A number with its noun, as commands and their messages say it."""


def count_of(number: int, one: str, many: str = "") -> str:
    """1 row, 2 rows; `many` where the plural is not `one` with an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
