"""The data as files: what stands today of each figure; the page that lists all of them."""

from itertools import groupby
from typing import Final

from dashboards.queries.view import View
from dashboards.site import archive, json_api, open_data, shared_settings, urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder
from dashboards.site.render import Page, list_figures
from dashboards.web import structured_data
from pipelines.core import signatures

FIGURES: Final = "data/figures.csv"
FORMS: Final = ("csv", "hxl.csv", "json", "parquet", "xlsx")


def list_files(view: View) -> list[tuple[str, str]]:
    """Path of each file, and the words that say what it holds; the forms of one table one after the other."""
    zipped = f"{open_data.PLACE}liberometro-{view.situation_id}.zip"
    return [
        (zipped, "package.zip"),
        *(
            (f"{open_data.PLACE}{name}.{form}", f"package.{name}")
            for name in open_data.NAMES
            for form in FORMS
        ),
        (FIGURES, "site.data_figures"),
        (open_data.PLACE + open_data.DESCRIPTOR, "package.descriptor"),
        (json_api.DESCRIPTION, "package.api"),
        (f"README.{view.language}.txt", "mirror.readme"),
        (signatures.SUMS, "mirror.sums"),
    ]


def write_files(edition: Edition, folder: Folder) -> None:
    """Every file of `files`, and what the JSON interface answers."""
    folder.write(FIGURES, archive.write_csv(archive.read_current(edition)))
    open_data.write_package(edition, folder)
    folder.write(open_data.PLACE + shared_settings.FILE, shared_settings.write_settings(edition))
    json_api.write_answers(edition, folder)


def make_page(edition: Edition, view: View) -> Page:
    """Where the files are and what they hold, for people and, as a Dataset, for search engines."""
    words = view.words
    path = urls.make_page_path(view.language, "data")
    name = words.about("site.data_title", view.situation)
    claims = open_data.read_table(edition.build, view.situation_id, "claims")
    offered = [
        (edition.absolute(file), open_data.MEDIA[file.rsplit(".", 1)[-1]])
        for file, _ in list_files(view)
        if file.startswith(open_data.PLACE) and file.rsplit(".", 1)[-1] in open_data.MEDIA
    ]
    return Page(
        "data.html",
        view.language,
        path,
        title=name,
        description=words("site.data_lead"),
        picture=urls.make_picture_path(view.language, "data"),
        data=structured_data.write_data(
            structured_data.describe_dataset(
                view,
                address=edition.absolute(path),
                day=edition.day,
                name=name,
                description=words.about("package.whole", view.situation),
                files=offered,
                frame=claims,
                figures=list_figures(edition, view, claims),
            )
        ),
        context={
            "files": [
                (words(name), [path for path, _ in files])
                for name, files in groupby(list_files(view), key=lambda file: file[1])
            ]
        },
    )
