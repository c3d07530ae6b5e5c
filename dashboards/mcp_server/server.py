"""The server: its tools and resources, its rules in its instructions, its errors in plain words."""

from typing import Any, Final

import duckdb
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError

from dashboards.i18n.glossary import TERMS
from dashboards.i18n.translations import list_languages, list_texts, read_catalogue, read_words
from dashboards.mcp_server.figures import UnknownFigureError
from dashboards.mcp_server.tools import TOOLS
from dashboards.queries.view import UnknownSituationError
from pipelines.warehouse.published_build import NoBuildError

INSTRUCTIONS: Final = """\
Liberómetro: published figures of people held for political reasons and of people who left prison.
Every figure is a claim: somebody said it, of one day, with a hedge. Quote the sentences as they are, with
organisation, source, day, age and caveats; never drop "more than", "at least" or "about".
What may not be done with these numbers:
- No sum or average over organisations, or over situations.
- No subtraction across speakers. Ask compare_figures; where it refuses there is no difference: work none out.
- People held (a stock), released in a period (a flow) and released since a day (a cumulative) are never
  subtracted from each other, nor two cumulatives that start on different days.
- Released from prison ("excarcelado") does not mean free. House arrest is not a release.
- Silence is not zero and not "unchanged": say how old a figure is.
- A figure in doubt is told as in doubt and is never the answer to "how many".
- A withheld figure stays withheld: do not estimate it from others.
- Nothing here is about one person, and nothing says what will happen.
A number that no answer gives was published by nobody here: say so and guess none.
"""
OTHER_FORM: Final = (
    "the build was made by another version of this program: run `python -m pipelines build`, then ask again"
)
READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class Server(MCPServer[Any]):
    """The SDK's server, whose errors say what to do and repeat nothing of what was sent but names."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """The answer of a tool. Raises ToolError with a plain sentence."""
        taken = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        known = taken.get(name, arguments)
        if arguments.keys() - known.keys():
            raise ToolError(f"{name} takes {', '.join(known)}, and nothing else")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            raise ToolError(_say_plainly(error)) from None


def _say_plainly(error: ToolError) -> str:
    cause = error.__cause__
    match cause:
        case ValidationError():
            return "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
                for each in cause.errors(include_input=False, include_url=False)
            )
        case NoBuildError() | UnknownSituationError() | UnknownFigureError():
            return str(cause)
        case ToolError():
            return str(cause)
        case duckdb.CatalogException() | duckdb.BinderException():
            return OTHER_FORM
    return str(error)


def make_server() -> Server:
    """The server with its tools and resources; it opens the build that is published at each question."""
    server = Server("liberometro", title="Liberómetro", instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in TOOLS:
        server.add_tool(tool, annotations=READS)
    for language in list_languages():
        for name, write in (("glossary", _write_glossary), ("codebook", _write_codebook)):
            server.add_resource(_make_resource(name, language, write(language)))
    return server


def _make_resource(name: str, language: str, text: str) -> FunctionResource:
    return FunctionResource.from_function(
        lambda: text,
        f"liberometro://{name}/{language}",
        name=f"{name}-{language}",
        title=f"{name} ({language})",
        description={
            "glossary": "What the words of the sentences mean.",
            "codebook": "What each column of the structured content and of the open data means.",
        }[name],
        mime_type="text/plain",
    )


def _write_glossary(language: str) -> str:
    words = read_words(language)
    return "".join(f"{words(f'glossary.{term}_title')}: {words(f'glossary.{term}')}\n" for term in TERMS)


def _write_codebook(language: str) -> str:
    texts = list_texts(read_catalogue(language))
    columns = {
        key.removeprefix("codebook."): text[0] for key, text in texts.items() if key.startswith("codebook.")
    }
    return "".join(f"{column}: {meaning}\n" for column, meaning in columns.items())
