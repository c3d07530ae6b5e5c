"""The data as files: what stands today of each figure; the page that lists all of them."""

from typing import Final

from dashboards.site import addresses, api, archive, data_package, linked, manifest, tables
from dashboards.site.edition import Edition
from dashboards.site.folder import Folder
from dashboards.site.render import Page
from dashboards.view import View

FIGURES: Final = "data/figures.csv"
FORMS: Final = ("csv", "hxl.csv", "json", "parquet", "xlsx")


def files(view: View) -> list[tuple[str, str]]:
    """Path of each file, and the words that say what it holds."""
    zipped = f"{data_package.PLACE}liberometro-{view.situation_id}.zip"
    return [
        (zipped, "package.zip"),
        *(
            (f"{data_package.PLACE}{name}.{form}", "package.hxl" if form == "hxl.csv" else f"package.{name}")
            for name in tables.NAMES
            for form in FORMS
        ),
        (FIGURES, "site.data_figures"),
        (data_package.PLACE + data_package.DESCRIPTOR, "package.descriptor"),
        (api.DESCRIPTION, "package.api"),
        (f"README.{view.language}.txt", "mirror.readme"),
        (manifest.SUMS, "mirror.sums"),
    ]


def written(edition: Edition, folder: Folder) -> None:
    """Every file of `files`, and what the JSON interface answers."""
    folder.write(FIGURES, archive.as_csv(archive.current(edition)))
    data_package.written(edition, folder)
    api.written(edition, folder)


def page(edition: Edition, view: View) -> Page:
    """Where the files are and what they hold, for people and, as a Dataset, for search engines."""
    words = view.words
    path = addresses.page(view.language, "data")
    name = words("site.data_title", situation=words.of(view.situation.name))
    offered = [
        (file, data_package.MEDIA[file.rsplit(".", 1)[-1]])
        for file, _ in files(view)
        if file.startswith(data_package.PLACE) and file.rsplit(".", 1)[-1] in data_package.MEDIA
    ]
    return Page(
        "data.html",
        view.language,
        path,
        title=name,
        description=words("site.data_lead"),
        picture=linked.picture(view.language, "data"),
        data=linked.dataset(
            edition,
            view,
            path=path,
            name=name,
            description=words.about("package.whole", view.situation),
            files=offered,
            frame=tables.table(edition.build, view.situation_id, "claims"),
        ),
        context={"files": [(path, words(name)) for path, name in files(view)]},
    )
