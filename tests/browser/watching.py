"""A page in the browser with all that it asked for and all that it complained of."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

# The heading of the page itself: what stood before any script has one too, for as long as it covers the page.
HEADING = "#root h1"
NO_SIDEWAYS = "document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"

# The words of the footer can be there before the links and menus above them: Streamlit fetches the script of
# each kind of element when it first meets one, and shows a skeleton until then. Charts come last.
WHOLE = """() => document.querySelector('footer.lm-footer') && !document.getElementById('first')
  && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-testid=stSkeleton]')
  && [...document.querySelectorAll('.lm-place')].every(
    (place) => place.querySelector('.lm-chart')?.dataset.drawn === place.dataset.figure)"""


def whole(page: Page) -> None:
    """Wait until all of a page is there: nothing of it will be rewritten until its reader does something."""
    page.wait_for_function(WHOLE, timeout=30_000)


class Watched:
    """A page with the hosts that it asked and the errors that it logged."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._logged(message.type, message.text, message.location["url"]))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.hostname or "")

    def _logged(self, kind: str, text: str, url: str) -> None:
        if kind == "error":
            self.errors.append(f"{text} {url}")
