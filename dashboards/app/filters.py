"""What a reader chose, kept in the address, so that a link shows the same view.

The address wins; what it does not say is remembered for the visit, so that a choice survives a change of page
or language. Values are ids, never words, so an address reads the same in every language.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from pipelines.core.privacy import mask_message

_VISIT = "address."
_WIDGET = "widget."
_REFUSED = "address_refused"
_DAY: Final = "DD/MM/YYYY"


def start() -> None:
    """Begin a run: nothing refused yet."""
    st.session_state[_REFUSED] = []


def list_refused() -> list[tuple[str, str]]:
    """Keys and values of the address that name nothing here, for a clear message."""
    found: list[tuple[str, str]] = st.session_state.get(_REFUSED, [])
    return found


def refuse_stated(key: str) -> None:
    """Refuse whatever the address says under a key, once: a reload does not repeat it."""
    if key in st.query_params:
        _refuse(key, st.query_params[key])
        del st.query_params[key]


def forget(*keys: str) -> None:
    """Forget choices, in the visit and in the address."""
    for key in keys:
        st.session_state.pop(_VISIT + key, None)
        if key in st.query_params:
            del st.query_params[key]


def is_stated(key: str) -> bool:
    """Whether the address or the visit says anything under a key."""
    return bool(_read_stated(key))


def list_stated(*keys: str) -> dict[str, str]:
    """What the address says of some keys: nothing of what is usual."""
    return {key: st.query_params[key] for key in keys if key in st.query_params}


def read_one(key: str, options: Sequence[str], default: str) -> str:
    """The chosen option of a key. An unknown value is refused and the default taken."""
    values = _read_stated(key)
    value = values[-1] if values else default
    if value not in options:
        _refuse(key, value)
        value = default
    _keep(key, [value], [default])
    return value


def read_many(key: str, options: Sequence[str], default: Sequence[str]) -> list[str]:
    """The chosen options of a key, in the order of `options`; none may be chosen."""
    values = _read_stated(key)
    wanted = list(default) if values is None else [value for value in values if value]
    for value in wanted:
        if value not in options:
            _refuse(key, value)
    chosen = [option for option in options if option in wanted]
    _keep(key, chosen, list(default))
    return chosen


def read_day(key: str, lowest: date, highest: date, default: date) -> date:
    """The chosen day of a key, held within its bounds. What is no day is refused."""
    values = _read_stated(key)
    if not values:
        return default
    try:
        value = date.fromisoformat(values[-1])
    except ValueError:
        _refuse(key, values[-1])
        value = default
    value = min(max(value, lowest), highest)
    _keep(key, [value.isoformat()], [default.isoformat()])
    return value


def read_text(key: str, longest: int = 64) -> str | None:
    """A free text of the address, or None; cut where it is longer than anything of ours."""
    values = _read_stated(key)
    return values[-1][:longest] if values and values[-1] else None


def select(
    label: str,
    key: str,
    options: Sequence[str],
    default: str,
    shown: Callable[[str], str],
    *,
    resets: Sequence[str] = (),
    hidden_label: bool = False,
) -> str:
    """A menu of one choice, bound to the address; a new choice forgets the keys in `resets`."""
    chosen: str = st.selectbox(
        label,
        options,
        format_func=shown,
        label_visibility="collapsed" if hidden_label else "visible",
        **_bound(read_one(key, options, default), key, resets=resets),
    )
    return chosen


def switch(label: str, key: str, options: Sequence[str], default: str, shown: Callable[[str], str]) -> str:
    """A row of a few choices, bound to the address."""
    chosen = read_one(key, options, default)
    bound = _bound(chosen, key)
    st.segmented_control(
        label, options, format_func=shown, label_visibility="collapsed", required=True, **bound
    )
    return chosen


def pick_many(
    label: str,
    key: str,
    options: Sequence[str],
    default: Sequence[str],
    shown: Callable[[str], str],
    placeholder: str,
    *,
    chip: bool = False,
) -> list[str]:
    """A menu of many choices, bound to the address; as a chip, which says what is chosen and opens it."""
    chosen = read_many(key, options, default)
    bound = _bound(chosen, key)
    if chip:
        rest = f" +{len(chosen) - 1}" if len(chosen) > 1 else ""
        opened = st.popover(f"{label} **{shown(chosen[0])}{rest}**" if chosen else label)
    with opened if chip else nullcontext():
        picked: list[str] = st.multiselect(
            label, options, format_func=shown, placeholder=placeholder, select_all=False, **bound
        )
    return picked


Span = tuple[date, date]


def read_span(keys: tuple[str, str], lowest: date, highest: date, default: Span) -> Span:
    """The range of days that two keys of the address state, within its bounds; one that ends before it begins
    is refused.
    """
    asked = list_stated(*keys)
    since = read_day(keys[0], lowest, highest, default[0])
    until = read_day(keys[1], lowest, highest, default[1])
    if since <= until:
        return since, until
    for key, value in asked.items():
        _refuse(key, value)
    forget(*keys)
    return default


def pick_span(
    label: str,
    keys: tuple[str, str],
    lowest: date,
    highest: date,
    default: Span,
    *,
    resets: Sequence[str] = (),
) -> Span:
    """A range of days, bound to two keys of the address."""
    span = read_span(keys, lowest, highest, default)
    if lowest < highest:
        bound = _bound(span, *keys, resets=resets)
        st.slider(label, lowest, highest, format=_DAY, **bound)
    return span


def pick_period(
    label: str,
    other: str,
    keys: tuple[str, str],
    lowest: date,
    highest: date,
    default: Span,
    presets: Mapping[str, Span],
) -> Span:
    """The same with a few ranges to touch, by what they are called, and the slider behind a chip."""
    span = read_span(keys, lowest, highest, default)
    name = f"{_WIDGET}period-{'-'.join(keys)}"
    st.session_state[name] = next((each for each, days in presets.items() if days == span), None)
    st.segmented_control(
        label,
        list(presets),
        label_visibility="collapsed",
        key=name,
        on_change=_commit_period,
        args=(name, keys, default, presets),
    )
    with st.popover(other):
        pick_span(label, keys, lowest, highest, default)
    return span


def _commit_period(name: str, keys: tuple[str, str], default: Span, presets: Mapping[str, Span]) -> None:
    chosen = presets.get(st.session_state[name], default)
    for key, day, usual in zip(keys, chosen, default, strict=True):
        if day == usual:
            forget(key)
        else:
            st.session_state[_VISIT + key] = [day.isoformat()]
            st.query_params[key] = day.isoformat()


def pick_future_day(label: str, key: str, today: date, years: int) -> date | None:
    """A day after today that the reader picks, bound to the address; None until one is picked."""
    lowest, highest = today + timedelta(days=1), today + timedelta(days=366 * years)
    chosen = read_day(key, lowest, highest, lowest) if _read_stated(key) else None
    st.date_input(label, min_value=lowest, max_value=highest, format=_DAY, **_bound(chosen, key))
    return chosen


def read_past_day(key: str, today: date) -> date | None:
    """A day before today that the address goes back to, or None; what is no past day is refused."""
    values = _read_stated(key)
    if not values or not values[-1] or values[-1] == today.isoformat():
        return None
    try:
        chosen = date.fromisoformat(values[-1])
    except ValueError:
        chosen = None
    if chosen is None or chosen > today:
        _refuse(key, values[-1])
        forget(key)
        return None
    _keep(key, [chosen.isoformat()], [])
    return chosen


def pick_past_day(label: str, key: str, first: date, today: date, chosen: date | None) -> None:
    """A calendar for `past_day`, with the chosen day in it."""
    lowest = min(first, chosen or first)
    st.date_input(label, min_value=lowest, max_value=today, format=_DAY, **_bound(chosen, key))


def pick_page(label: str, key: str, pages: int) -> int:
    """Which page of a list, from 1; bound to the address, and drawn only where there are several."""
    stated = _read_stated(key)
    number = int(stated[-1]) if stated and stated[-1].isdecimal() else 1
    number = min(max(number, 1), pages)
    _keep(key, [str(number)], ["1"])
    if pages > 1:
        st.number_input(label, 1, pages, step=1, **_bound(number, key))
    return number


def _bound(value: object, *keys: str, resets: Sequence[str] = ()) -> dict[str, Any]:
    """What ties a widget to keys of the address: it shows `value`, and states what is picked in it."""
    name = _WIDGET + "-".join(keys)
    st.session_state[name] = value
    return {"key": name, "on_change": _commit, "args": (name, keys, resets)}


def _commit(name: str, keys: Sequence[str], resets: Sequence[str]) -> None:
    """State what a widget holds, a value a key; a key without one is forgotten, and so are `resets`."""
    chosen = st.session_state[name]
    for key, value in zip(keys, chosen if len(keys) > 1 else (chosen,), strict=True):
        if value is None:
            forget(key)
        else:
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
            st.session_state[_VISIT + key] = values
            st.query_params[key] = values or [""]
    forget(*resets)


def _read_stated(key: str) -> list[str] | None:
    """What the address says of a key, else what the visit remembers."""
    if key in st.query_params:
        return st.query_params.get_all(key)
    remembered: list[str] | None = st.session_state.get(_VISIT + key)
    return remembered


def _keep(key: str, values: list[str], default: list[str]) -> None:
    """Remember, and say in the address what differs from the default."""
    st.session_state[_VISIT + key] = values
    if values == default:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get_all(key) != (values or [""]):
        st.query_params[key] = values or [""]


def _refuse(key: str, value: str) -> None:
    st.session_state.setdefault(_REFUSED, []).append((key, mask_message(value[:500])[:64]))
