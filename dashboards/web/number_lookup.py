"""What a number of a headline is: the field to type it in and what is known of it, as HTML for any page."""

from dashboards.exhibits import number_lookup
from dashboards.exhibits.number_lookup import CorrectedNumber, Lookup, Match
from dashboards.exhibits.own_corrections import Mistake
from dashboards.queries.view import View
from dashboards.web import badges, controls
from dashboards.web.addresses import make_address, render_follow
from dashboards.web.figure_grid import render_amount
from dashboards.web.html import escape_text


def render_field(view: View, typed: str = "", address: str = "") -> str:
    """The question and its field; it leads to the list of figures, with the number in the address."""
    words = view.words
    title = escape_text(words("lookup.title"))
    field = controls.render_search(
        "lookup", "number", words("lookup.label"), typed, address or make_address(view, "claims"), words
    )
    return f'<div class="lm-ask"><h2>{title}</h2>{field}<p>{escape_text(words("lookup.hint"))}</p></div>'


def render_lookup(view: View, typed: str = "", address: str = "") -> str:
    """The field, and below or beside it what is known of what was typed."""
    answer = _render_answer(view, number_lookup.look_up(view, typed)) if typed else ""
    told = f'<div class="lm-told" role="status">{answer}</div>' if answer else ""
    return f'<section class="lm-lookup">{render_field(view, typed, address)}{told}</section>'


def _render_answer(view: View, found: Lookup) -> str:
    words = view.words
    reading = number_lookup.tell_reading(view, found)
    ours = f"<p>{escape_text(reading)}</p>" if reading else ""
    if found.number is None:
        return ours
    ours += "".join(_render_mistake(view, each) for each in found.mistakes)
    ours += "".join(_render_corrected(view, found.number, each) for each in found.corrected)
    if not found.matches and found.corrected:
        return ours
    if not found.matches:
        number = words.number(found.number)
        items = "".join(
            f"<li>{_render_again(view, value)}: {escape_text(told)}</li>" for value, told in found.nearest
        )
        near = f"<p>{escape_text(words('lookup.nearest'))}</p><ul>{items}</ul>" if items else ""
        return f"{ours}<p><strong>{escape_text(words('lookup.none', number=number))}</strong></p>{near}"
    told = ours + "".join(_render_match(view, each) for each in found.matches)
    rest = found.count - len(found.matches)
    if rest:
        every = make_address(view, "claims", {"q": str(found.number)})
        told += f"<p>{render_follow(every, escape_text(words.plural('lookup.rest', rest)))}</p>"
    return told


def _render_again(view: View, value: int) -> str:
    address = make_address(view, "claims", {"number": str(value)})
    return render_follow(address, f"<b>{escape_text(view.words.number(value))}</b>")


def _render_mistake(view: View, mistake: Mistake) -> str:
    """What this site showed wrongly, with the way to where it stands in the list of our corrections."""
    words, figure = view.words, escape_text(mistake.old.figure)
    told = "".join(f"<p>{escape_text(each)}</p>" for each in number_lookup.tell_mistake(view, mistake))
    page = {"page": "" if mistake.page == 1 else str(mistake.page)}
    opens = render_follow(make_address(view, "corrected", page), escape_text(words("nav.corrected")))
    return (
        f'<article class="lm-match"><p class="lm-match-number"><b>'
        f"{f'<del>{figure}</del>' if mistake.struck else figure}</b></p>"
        f"<div><h3>{escape_text(words('lookup.ours'))}</h3>{told}<p>{opens}</p></div></article>"
    )


def _render_corrected(view: View, number: int, corrected: CorrectedNumber) -> str:
    """A number that a person corrected, with the way to the figure that counts in its place."""
    figure = escape_text(view.words.number(number))
    told = "".join(f"<p>{escape_text(each)}</p>" for each in corrected.told)
    return (
        f'<article class="lm-match"><p class="lm-match-number"><b><del>{figure}</del></b></p>'
        f"<div><h3>{escape_text(corrected.title)}</h3>{told}"
        f"<p>{_render_opens(view, corrected.claim, number)}</p></div></article>"
    )


def _render_opens(view: View, claim: str, number: int) -> str:
    """The way to a figure, the number still in its field."""
    return render_follow(
        make_address(view, "claims", {"claim": claim, "number": view.words.number(number)}),
        escape_text(view.words("lookup.open")),
        data_focus="panel",
    )


def _render_match(view: View, match: Match) -> str:
    words = view.words
    title = words("lookup.match", what=match.what, who=match.who, moment=match.moment)
    told = " ".join(f"{part}." for part in (match.since[:1].upper() + match.since[1:], match.carried) if part)
    state = badges.find_state(match.state)
    later = (
        f"<p>{escape_text(words('lookup.later', later=words.listed(list(match.later))))}</p>"
        if match.later
        else ""
    )
    others = ""
    if match.others:
        apart = f" <b>({escape_text(words('lookup.apart'))})</b>"
        items = "".join(
            f"<li>{escape_text(told)}{apart if differs else ''}</li>" for told, differs in match.others
        )
        others = f"<div><h4>{escape_text(words('lookup.others'))}</h4><ul>{items}</ul></div>"
    opens = _render_opens(view, match.claim, match.state["value"])
    return (
        f'<article class="lm-match"><p class="lm-match-number">{render_amount(match.state, view)}</p>'
        f"<div><h3>{escape_text(title)}</h3><p>{escape_text(told)}</p>{later}"
        f"<p>{badges.render_badge(state, words)} {opens}</p></div>{others}</article>"
    )
