"""The controls of a list, as HTML: menus that open, chips, a field to search in, pages, a form of days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboards.i18n.translations import Words
from dashboards.web.addresses import render_follow
from dashboards.web.html import escape_text


@dataclass(frozen=True)
class Choice:
    """One choice: its text, where it leads, how many it holds, whether it is the chosen one."""

    text: str
    address: str
    chosen: bool = False
    count: str = ""


def render_menu(name: str, label: str, content: str, style: str = "lm-chip") -> str:
    """A button that opens content, which is HTML already; Escape or a touch beside it closes it."""
    place = escape_text(f"menu-{name}")
    return (
        f'<span class="lm-chipped"><button type="button" class="{style} lm-down" popovertarget="{place}">'
        f'{escape_text(label)}</button><div popover class="lm-menu" id="{place}">{content}</div></span>'
    )


def render_choices(choices: Iterable[Choice]) -> str:
    """The choices of a menu, one below the other."""
    items = (
        "<li>"
        + render_follow(each.address, escape_text(each.text), aria_current="true" if each.chosen else "")
        + "</li>"
        for each in choices
    )
    return f"<ul>{''.join(items)}</ul>"


def render_row(choices: Sequence[Choice]) -> str:
    """The same as chips in a row, each with how many it holds."""
    return "".join(
        render_follow(
            each.address,
            escape_text(each.text) + (f" <b>{escape_text(each.count)}</b>" if each.count else ""),
            "lm-chip lm-on" if each.chosen else "lm-chip",
            aria_current="true" if each.chosen else "",
        )
        for each in choices
    )


def render_set_chip(label: str, value: str, without: str, words: Words) -> str:
    """A chip that is set; it leads to the list without it."""
    inside = (
        f'<span class="lm-unseen">{escape_text(words("figures.without"))} </span>{escape_text(label)} '
        f'<b>{escape_text(value)}</b> <span aria-hidden="true">×</span>'
    )
    return render_follow(without, inside, "lm-chip lm-on")


def render_search(
    name: str, key: str, label: str, value: str, address: str, words: Words, *, live: bool = False
) -> str:
    """A field whose text is said in the address under `key`, beside what it says already; `live` while
    it is typed (static/search.js)."""
    place, text = escape_text(f"{name}-{key}"), escape_text(label)
    marked = ' data-live="yes"' if live else ""
    return (
        f'<form class="lm-search" role="search"{marked} '
        f'action="{escape_text(address)}">'
        f'<label class="lm-unseen" for="{place}">{text}</label>'
        f'<input id="{place}" type="search" data-key="{escape_text(key)}" maxlength="80" autocomplete="off" '
        f'placeholder="{text}" value="{escape_text(value)}">'
        f'<button type="submit">{escape_text(words("figures.search"))}</button></form>'
    )


def render_days(days: Mapping[str, tuple[str, str]], address: str, words: Words) -> str:
    """A form of days by their keys, each with its label and the day that is set."""
    fields = "".join(
        f'<label for="day-{key}">{escape_text(label)}</label>'
        f'<input id="day-{key}" type="date" data-key="{key}" value="{escape_text(value)}">'
        for key, (label, value) in days.items()
    )
    return (
        f'<form class="lm-days" action="{escape_text(address)}">{fields}'
        f'<button type="submit">{escape_text(words("figures.apply"))}</button></form>'
    )


def render_pager(shown: str, before: str, after: str, words: Words) -> str:
    """Which part of a list is shown, and the ways to the others; an empty address is none."""
    ways = "".join(
        render_follow(address, escape_text(words(f"site.{name}")), "lm-button", rel=rel)
        if address
        else f'<span class="lm-button lm-off">{escape_text(words(f"site.{name}"))}</span>'
        for name, rel, address in (("before", "prev", before), ("after", "next", after))
    )
    ways = f'<span class="lm-ways">{ways}</span>' if before or after else ""
    name = escape_text(words("figures.pages"))
    return f'<nav class="lm-pager" aria-label="{name}"><p>{escape_text(shown)}</p>{ways}</nav>'
