"""Five invented sites behind one server on this machine, and eight weeks of what happens to them.

Names lead to the server or, while a site is unplugged, to an address where nobody listens. What a site shows
depends on the simulated hour alone; who asks is written down with that hour.
"""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from protego import Protego

from tests.pipelines.intake.crawler.server import (
    Behaviour,
    FakeClock,
    Handler,
    Loopback,
    redirect,
    reply,
    status,
)

START: Final = datetime(2026, 10, 5, tzinfo=UTC)  # a Monday
AGENT: Final = "Liberometro"
RSS: Final = "application/rss+xml"
Window = tuple[float, float]  # days since the start: from, until

LISTA: Final = "lista.example"
DIARIO: Final = "diario.example"
MAPA: Final = "mapa.example"
RED: Final = "red.example"
CUENTA: Final = "cuenta.example"
PILLS: Final = "pills.example"  # where hacked pages lead

ROBOTS_FORBID: Final = "User-agent: *\nDisallow: /\n"
DOWN: Final = {  # site → when it gives nothing, and how
    LISTA: {"503": (28.0, 30.0), "unplugged": (30.0, 32.0)},
    MAPA: {"hangs": (16.5, 17.0)},
    CUENTA: {"503": (25.0, 26.0)},
}
LISTA_FORBIDS: Final = (38.0, 40.0)
DIARIO_FORBIDS: Final = (37.0, 39.0)  # its articles alone
ARTICLES_FAIL: Final = (35.0, 37.5)  # lista's feed is served from elsewhere and goes on
PAGE_HACKED: Final = (42.0, 44.25)
FEED_HACKED: Final = {"garbage": (45.0, 45.5), "ten thousand": (45.5, 46.0)}
RED_CHANGES: Final = 17.0  # its markup and its addresses, for good
THEME: Final = 14.0
PERMALINKS: Final = 21.0
WWW: Final = 24.0


def within(day: float, window: Window) -> bool:
    return window[0] <= day < window[1]


@dataclass(frozen=True)
class Bulletin:
    """One text about one figure; `day` is when it came out."""

    site: str
    day: float
    figure: int

    @property
    def hour(self) -> datetime:
        return START + timedelta(days=self.day)


WEEKLY: Final = [Bulletin(LISTA, 7 * week + 0.625, 812 - 9 * week) for week in range(8)]
CORRECTED: Final = Bulletin(LISTA, 9.5, 804)  # the second one, edited where it stands
CARRIED: Final = [each for each in WEEKLY if each.day < 35 or each.day > 49]  # by the outlet, too
ESPECIAL: Final = Bulletin(DIARIO, 37.4, 611)  # the outlet's own, while it forbids its articles
FORTNIGHTLY: Final = [Bulletin(RED, 14.0 * turn, 341 + 6 * turn) for turn in range(4)]
MAPPED: Final = [Bulletin(MAPA, 7 * week + 2.4, 521 - 4 * week) for week in range(4)]
COUNTED: Final = [Bulletin(CUENTA, 0.0, 1207), Bulletin(CUENTA, 20.0, 1219)]
HACKERS_FIGURE: Final = 9431


def write_article(figure: int, *, lead: str = "", sidebar: str = "", theme: int = 1, meta: str = "") -> str:
    """A page as a person would read it; the second theme wraps everything anew."""
    text = f"""<h1>Balance de la lista</h1>
    <p>{lead} La Lista publicó este lunes su balance y contabiliza {figure} personas que siguen en prisión por
    motivos políticos en todo el país, según la relación que sus abogados verifican cada semana con las
    familias y con los tribunales.</p>
    <p>El documento recuerda que la cifra cambia cuando se confirma una salida o se conoce una detención, y
    pide que las autoridades entreguen la relación completa de quienes permanecen recluidos.</p>"""
    if theme == 1:
        body = f"<nav><a href='/'>Inicio</a></nav><article>{text}</article>"
    else:
        main = f"<main><section>{text}</section></main>"
        body = f"<div id='app'><div class='hero'>Boletines</div>{main}{sidebar}</div>"
    return f"<html lang='es'><head><title>Balance</title>{meta}</head><body>{body}</body></html>"


def hang(_: Handler) -> None:
    """Longer than the collector waits."""
    threading.Event().wait(1.5)


def write_item(url: str, hour: datetime, title: str, stamp: str = "") -> str:
    day = stamp or format_datetime(hour)
    return f"<item><title>{title}</title><link>{url}</link><pubDate>{day}</pubDate></item>"


def write_feed(items: list[str]) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


PHARMACY: Final = (
    "<html><body><h1>Cheap pills</h1><p>Buy 500 pills today, 9431 personas happy.</p></body></html>"
)


@dataclass(frozen=True)
class Asked:
    """One request, and the simulated hour it came at."""

    hour: datetime
    host: str
    path: str
    round: int


@dataclass
class Web(Loopback):
    """The sites. `victim`: a process to kill when `fatal` is asked for."""

    clock: FakeClock
    asked: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # manners that a request broke
    round: int = 0
    killing: bool = False
    victim: int | None = None
    fatal: str = ""
    _told: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # host → robots.txt it was given
    _answers: int = 0

    def find(self, handler: Handler) -> Behaviour:
        return self.answer(handler.headers["Host"].partition(":")[0], handler.path)

    @property
    def day(self) -> float:
        return (self.clock.now() - START) / timedelta(days=1)

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def resolve(self, host: str, port: int) -> list[str]:
        """A name server of its own."""
        assert port == self.port
        unplugged = DOWN.get(host.removeprefix("www."), {}).get("unplugged")
        return ["127.0.0.2" if unplugged and within(self.day, unplugged) else "127.0.0.1"]

    def answer(self, host: str, path: str) -> Behaviour:
        """What this request gets; it is written down, and so is what it should not have asked."""
        now = self.clock.now()
        self.asked.append(Asked(now, host, path, self.round))
        self._answers += 1
        if self.victim is not None and path == self.fatal:
            os.kill(self.victim, signal.SIGKILL)
            self.victim = None
        if path == "/robots.txt":
            text = self.robots(host)
            self._told[host] = (text, now)
            return reply(text, "text/plain") if text else status(404)
        told, hour = self._told.get(host, (None, now))
        if told is None or now - hour > timedelta(days=1):
            self.faults.append(f"{host}{path}: robots.txt was not asked first")
        elif not Protego.parse(told).can_fetch(self.url(host, path), AGENT):
            self.faults.append(f"{host}{path}: robots.txt forbade it")
        return self._show(host, path)

    def robots(self, host: str) -> str:
        """The robots.txt of a site at this hour; empty where it has none."""
        if host.removeprefix("www.") == LISTA:
            if within(self.day, LISTA_FORBIDS):
                return ROBOTS_FORBID
            if within(self.day, (40.0, 41.0)):
                return "<!doctype html><html><body><h1>Bienvenidos</h1></body></html>"
            return "User-agent: *\nCrawl-delay: 10\nDisallow: /wp-admin/\n"
        if host == DIARIO and within(self.day, DIARIO_FORBIDS):
            return "User-agent: *\nDisallow: /notas/\n"
        return ""

    def _show(self, host: str, path: str) -> Behaviour:
        trouble = [
            kind
            for kind, window in DOWN.get(host.removeprefix("www."), {}).items()
            if within(self.day, window)
        ]
        if "503" in trouble:
            return status(503, Retry_After="3600")
        if "hangs" in trouble:
            return hang
        if host == LISTA and self.day >= WWW:
            return redirect(self.url(f"www.{LISTA}", path), 302)
        show: dict[str, Callable[[str], Behaviour]] = {
            LISTA: self._show_lista,
            DIARIO: self._show_diario,
            MAPA: self._show_mapa,
            RED: self._show_red,
            CUENTA: self._show_cuenta,
            PILLS: lambda _: reply(write_article(HACKERS_FIGURE)),
        }
        return show[host.removeprefix("www.")](path)

    # the organisation's own site: a blog with a feed

    def _out(self, bulletins: list[Bulletin], delay: float = 0.0) -> list[Bulletin]:
        return [each for each in bulletins if each.day + delay <= self.day]

    def lista_path(self, bulletin: Bulletin) -> str:
        if self.day >= PERMALINKS:
            return f"/boletines/balance-{bulletin.figure}/"
        return f"/{bulletin.hour:%Y/%m/%d}/balance-{bulletin.figure}/"

    def _show_lista(self, path: str) -> Behaviour:
        if path in {"/feed/", "/boletines/feed/"}:
            if path == "/feed/" and self.day >= PERMALINKS:
                return redirect(
                    self.url(f"www.{LISTA}" if self.day >= WWW else LISTA, "/boletines/feed/"), 301
                )
            return self._lista_feed()
        if within(self.day, ARTICLES_FAIL):
            return status(500)
        for bulletin in self._out(WEEKLY):
            dated = f"/{bulletin.hour:%Y/%m/%d}/balance-{bulletin.figure}/"
            if path == dated and self.day >= PERMALINKS:
                return redirect(self.lista_path(bulletin), 301)
            if path in {self.lista_path(bulletin), f"/?p={bulletin.figure}"}:
                return self._lista_page(bulletin)
        if path.startswith("/spam/"):
            return reply(PHARMACY.replace("500", path.rpartition("/")[2]))
        return status(404)

    def _lista_feed(self) -> Behaviour:
        if within(self.day, FEED_HACKED["garbage"]):
            return reply(PHARMACY, "text/html")
        if within(self.day, FEED_HACKED["ten thousand"]):
            spam = [
                write_item(self.url(LISTA if n % 2 else PILLS, f"/spam/{n}"), self.clock.now(), "Pills")
                for n in range(10_000)
            ]
            return reply(write_feed(spam), RSS)
        out = self._out(WEEKLY)[::-1]
        items = [write_item(self.url(LISTA, self.lista_path(each)), each.hour, "Balance") for each in out]
        second = WEEKLY[1]
        if within(self.day, (8.75, 21.0)):  # published a second time, and shared
            again = self.url(LISTA, f"/?p={second.figure}&amp;utm_source=x&amp;fbclid=a{self._answers}")
            items.insert(0, write_item(again, START + timedelta(days=8.75), "Balance"))
        return reply(write_feed(items), RSS)

    def _lista_page(self, bulletin: Bulletin) -> Behaviour:
        hacked = within(self.day, PAGE_HACKED) and bulletin == WEEKLY[6]
        if hacked:
            return reply(PHARMACY) if self.day < 43 else redirect(self.url(PILLS, "/offer"))
        figure = bulletin.figure
        if bulletin == WEEKLY[1] and self.day >= CORRECTED.day:
            figure = CORRECTED.figure
        others = "".join(
            f"<li>La Lista: {each.figure} presos políticos</li>" for each in self._out(WEEKLY)[:-1][-3:]
        )
        sidebar = (
            f"<aside class='latest'><ul>{others}</ul></aside><script>var nonce='{self._answers}'</script>"
        )
        return reply(write_article(figure, theme=1 if self.day < THEME else 2, sidebar=sidebar))

    # an outlet: a general feed, which carries the bulletins two hours later

    def _show_diario(self, path: str) -> Behaviour:
        carried = [(each, 0.09) for each in CARRIED] + [(ESPECIAL, 0.0)]
        out = [each for each, delay in carried if each.day + delay <= self.day]
        if path == "/feed":
            return self._diario_feed(out)
        for each in out:
            if path in {f"/notas/{each.figure}", f"/notas/{each.figure}-actualizada"}:
                if each is ESPECIAL:
                    return reply(write_article(each.figure, lead="Exclusivo."))
                page_hour = (each.hour + timedelta(hours=2)).isoformat()
                meta = f'<meta property="article:published_time" content="{page_hour}">'
                return reply(write_article(each.figure, lead="Caracas, hoy.", meta=meta))
        if path.startswith("/r/"):
            return redirect(self.url(DIARIO, path))
        return status(404)

    def _diario_feed(self, out: list[Bulletin]) -> Behaviour:
        items = []
        for each in out[-5:]:
            hour = each.hour + timedelta(hours=2)
            # its clock is three hours ahead in the second week, and names no zone in the third
            ahead = format_datetime(hour + timedelta(hours=20)) if within(each.day, (7, 14)) else ""
            bare = f"{hour:%a, %d %b %Y %H:%M:%S}" if within(each.day, (14, 21)) else ""
            url = self.url(DIARIO, f"/notas/{each.figure}?utm_medium=rss&amp;utm_term={self._answers}")
            items.append(write_item(url, hour, "Presos políticos: balance", ahead or bare))
            if each is not ESPECIAL and self.day > each.day + 1:
                again = self.url(DIARIO, f"/notas/{each.figure}-actualizada")
                items.append(write_item(again, hour + timedelta(days=1), "Presos políticos (actualizada)"))
        today = START + timedelta(days=int(self.day))
        items += [
            write_item(self.url(DIARIO, f"/notas/beisbol-{int(self.day)}-{n}"), today, "Béisbol")
            for n in range(6)
        ]
        if within(self.day, (33, 35)):
            items.append(write_item(self.url(DIARIO, "/r/1"), today, "Presos políticos: redirección"))
        text = write_feed(items[::-1])
        return reply(text.replace("Béisbol", "Béisbol & más") if within(self.day, (11, 12)) else text, RSS)

    # a site without a feed, but with the sitemap that it makes for news searches

    def _show_mapa(self, path: str) -> Behaviour:
        out = self._out(MAPPED)
        if path == "/news-sitemap.xml":
            entries = "".join(
                f"<url><loc>{self.url(MAPA, f'/informes/{each.figure}')}</loc><news:news>"
                f"<news:publication_date>{each.hour.isoformat()}</news:publication_date>"
                "<news:title>Presos políticos: informe</news:title></news:news></url>"
                for each in out[::-1]
            )
            return reply(
                '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
                f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>',
                "application/xml",
            )
        found = [each for each in out if path == f"/informes/{each.figure}"]
        return reply(write_article(found[0].figure, lead="Mapa.")) if found else status(404)

    # a page that lists its articles

    def _show_red(self, path: str) -> Behaviour:
        out = self._out(FORTNIGHTLY)
        if self.killing:
            return status(503, Retry_After="21600")
        changed = self.day >= RED_CHANGES
        paths = [
            f"/nota.php?id={each.figure}" if changed else f"/balances/{each.figure}.html" for each in out
        ]
        if path == "/":
            links = "".join(f"<li><a href='{each}#leer'><span>Balance</span></a></li>" for each in paths)
            return reply(f"<html><body><a href='/contacto'>Contacto</a><ul>{links}</ul></body></html>")
        for each, own in zip(out, paths, strict=True):
            if path == own:
                meta = f'<meta property="article:published_time" content="{each.hour.isoformat()}">'
                return reply(write_article(each.figure, lead="Red.", meta=meta))
        return status(404)

    # a page that is written over, and never gives the same bytes twice

    def _show_cuenta(self, path: str) -> Behaviour:
        if path != "/":
            return status(404)
        figure = self._out(COUNTED)[-1].figure
        return reply(
            write_article(figure, lead="Contador.", meta=f"<meta name='nonce' content='{self._answers}'>")
        )

    # what a collector can be expected to have found

    def offers(self) -> set[int]:
        """The figures that some site lists and shows at this hour, for who may ask."""
        day = self.day
        found: set[int] = set()
        lista_down = any(within(day, window) for window in DOWN[LISTA].values())
        hacked_feed = any(within(day, window) for window in FEED_HACKED.values())
        # A copy of robots.txt is kept for a day, and so is its no.
        forbidden = within(day, (LISTA_FORBIDS[0], LISTA_FORBIDS[1] + 1))
        if not (lista_down or hacked_feed or forbidden or within(day, ARTICLES_FAIL)):
            # A page that gave something else is looked at again after one day and after two.
            hacked = {WEEKLY[6].figure} if within(day, (PAGE_HACKED[0], PAGE_HACKED[1] + 2)) else set()
            found |= {each.figure for each in self._out(WEEKLY)} - hacked
        if day >= CORRECTED.day + 1:
            found.add(CORRECTED.figure)
        found |= {each.figure for each in self._out(CARRIED, 0.09)}
        if not within(day, (DIARIO_FORBIDS[0], DIARIO_FORBIDS[1] + 1)):
            found |= {each.figure for each in self._out([ESPECIAL])}
        if not any(within(day, window) for window in DOWN[MAPA].values()):
            found |= {each.figure for each in self._out(MAPPED)}
        if not within(day, (RED_CHANGES, RED_CHANGES + 1)):
            found |= {each.figure for each in self._out(FORTNIGHTLY)}
        if not within(day, DOWN[CUENTA]["503"]):
            found |= {each.figure for each in self._out(COUNTED)}
        return found
