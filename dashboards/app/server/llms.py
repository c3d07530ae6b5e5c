"""/llms.txt of the app: its situations, pages and files, in one language (?lang=…)."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.app.server import page_card
from dashboards.app.server.page_address import PageAddress, write_path
from dashboards.exhibits.chart_registry import list_shown
from dashboards.export import provenance
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages, read_words
from dashboards.queries import database
from dashboards.queries.memory import remember
from dashboards.queries.view import View, open_view
from dashboards.web.llms_text import NAME, Entry, Section, write_text
from pipelines.warehouse.published_build import NoBuildError


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [Route(f"/{NAME}", serve_text)]


async def serve_text(request: Request) -> Response:
    """The file."""
    asked = request.query_params.get("lang", "")
    language = asked if asked in list_languages() else FIRST_LANGUAGE
    try:
        text = await run_in_threadpool(lambda: write(open_view(None, language)))
    except NoBuildError:
        return PlainTextResponse(read_words(language)("no_build.text"), 503, {"Cache-Control": "no-store"})
    return PlainTextResponse(text, headers={"Cache-Control": "public, max-age=600"})


@remember
def write(view: View) -> str:
    """The file in the view's language, of every situation of its build."""
    words, language = view.words, view.language
    situations = database.read_situations(view.build)
    names = words.listed([words.of(each.name) for each in situations])
    pages = [
        Entry(
            words(f"nav.{page}"),
            _locate(write_path(view, PageAddress(page, view.situation_id, language))),
            page_card.describe(view, page),
        )
        for page in PAGES
    ]
    each_of = [
        Entry(
            words.of(each.name),
            _locate(write_path(view, PageAddress(FRONT, each.id, language))),
            words.of(each.summary),
        )
        for each in situations
    ]
    files = [
        Entry(
            f"{chart.name}.csv",
            _locate(f"file/{view.situation_id}/{language}/{chart.name}.csv"),
            chart.title,
        )
        for chart in list_shown(view)
    ]
    static = provenance.read_static_address()
    whole = [Entry(NAME, f"{static}/{language}/{NAME}", words("llms.whole"))] if static else []
    pattern = _locate("file/<situation>/<language>/<chart>.<format>")
    data = [*whole, Entry(pattern, pattern, words("llms.files"))]
    figure = _locate("figure?figure=<id>")
    others = [
        Entry("oEmbed", _locate("oembed?url=…&format=json"), words("llms.embeds")),
        *(
            Entry(read_words(code).own_name, _locate(f"{NAME}?lang={code}"))
            for code in list_languages()
            if code != language
        ),
    ]
    sections = (
        Section(words("nav.situations"), each_of),
        Section(words("llms.data"), [*data, *files]),
        Section(words("nav.figures"), [Entry(figure, figure, words("llms.observation"))]),
        Section(words("llms.pages"), pages),
        Section("Optional", others),
    )
    return write_text(words, names, sections)


def _locate(path: str) -> str:
    """A path of the app as a whole address where that is known, else from its root."""
    return f"{provenance.read_site_address()}/{path}"
