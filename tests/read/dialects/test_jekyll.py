"""A Jekyll site: posts named by date, collections, and Liquid output."""

import datetime as dt
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.jekyll import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import TREES, Folder, read_folder
from tests.read.texts import published, targets


@pytest.mark.parametrize(
    ("files", "articles", "reason"),
    [
        (["_config.yml", "_posts/2024-01-01-a.md"], ".", "it has _config.yml"),
        (["_posts/2024-01-01-a.md"], ".", "it has _posts"),
        (["_posts/2024-01-01-a.md"], "_posts", "it is called _posts"),
        (["_config.yaml", "a.md"], ".", "it has _config.yaml"),
        (["_config.toml", "a.md"], ".", "it has _config.toml"),
        (["docs/_config.yaml", "docs/a.md"], ".", "docs/_config.yaml lies in it"),
        (["_config.yml", "scaffolds/post.md", "source/_posts/a.md"], ".", None),  # a Hexo site
        (["_config.yml", "scaffolds/post.md", "source/_posts/a.md"], "source/_posts", None),
        (["blog/_config.yml", "blog/scaffolds/post.md", "blog/source/_posts/a.md"], ".", None),
        (["a.md"], ".", None),
    ],
)
def test_a_site_is_known_by_its_configuration_or_its_posts(
    tmp_path: Path, files: list[str], articles: str, reason: str | None
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    assert DIALECT.recognise(root) == reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "_posts/2024-1-5-my-title.md",
            Place("/2024/01/05/my-title.html", "my title", None, dt.date(2024, 1, 5)),
        ),
        ("Birds/_posts/2024-01-31-x.md", Place("/birds/2024/01/31/x.html", "x", "Birds", dt.date(2024, 1, 31))),
        ("about.md", Place("/about.html", "about", None)),
        ("_docs/setup/index.md", Place("/docs/setup/", "setup", "docs")),
        ("index.md", Place("/index.html", "index", None)),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


def test_categories_begin_the_address_of_a_post_and_the_slug_ends_it() -> None:
    page = Page(file=PurePosixPath("_posts/2024-01-31-x.md"), slug="y", categories=["A", "b c"])
    place = DIALECT.place(page, ToolSettings())
    assert place.url == "/a/b c/2024/01/31/y.html"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% raw %}{{ x }}{% endraw %} {{ page.title }}", " "),
        ("Text\n{: .lead}\n\n## Head {#id}", "Text\n\n\nHead"),
    ],
)
def test_output_and_attributes_are_not_published(source: str, text: str) -> None:
    assert published(source, "jekyll") == text


def test_output_in_a_link_is_no_part_of_its_address_but_for_what_it_quotes() -> None:
    assert targets("[c]({{ site.baseurl }}{% link c.md %})", "jekyll") == [("/c.md", "path", "c", 0)]
    assert targets('[d]({{ "/d/" | relative_url }})', "jekyll") == [("/d/", "path", "d", 0)]


@pytest.fixture(scope="module")
def site() -> Folder:
    return read_folder(TREES / "jekyll")


def test_pages_have_the_addresses_that_jekyll_gives_them(site: Folder) -> None:
    assert site.tool == "jekyll"
    assert site.urls == {
        "_carriages/couchette.md": "/carriages/couchette/",
        "_carriages/sleeper.md": "/carriages/sleeper/",
        "_posts/2023-08-01-white-nights.md": "/north/ships/2023/08/01/white-nights/",
        "_posts/2024-02-09-a-night-in-vienna.md": "/south/2024/02/10/a-night-in-vienna/",
        "_routes/baltic.md": "/lines/baltic/",
        "_routes/danube.md": "/lines/danube/",
        "about/team.md": "/team.html",
        "advice/luggage.md": "/help/luggage.html",
        "advice/sleep.md": "/help/sleep.html",
        "index.md": "/index.html",
        "south/_posts/2021-05-05-first-trip.md": "/stories/2021/first-trip",
        "timetable.md": "/timetable/",
    }


def test_titles_subjects_dates_and_keywords(site: Folder) -> None:
    shown = {path: (article.title, article.subject) for path, article in site.articles.items()}
    assert shown["_posts/2023-08-01-white-nights.md"] == ("White nights", "north")
    assert shown["_posts/2024-02-09-a-night-in-vienna.md"] == ("A night in Vienna", "south")
    assert shown["_routes/danube.md"] == ("The Danube line", "routes")
    assert shown["advice/luggage.md"] == ("Luggage: how much?", "advice")
    assert shown["south/_posts/2021-05-05-first-trip.md"] == ("The first trip", "south")
    assert {path: article.date for path, article in site.articles.items() if article.date} == {
        "_posts/2023-08-01-white-nights.md": dt.date(2023, 8, 1),
        "_posts/2024-02-09-a-night-in-vienna.md": dt.date(2024, 2, 10),
        "_routes/baltic.md": dt.date(2022, 6, 21),
        "south/_posts/2021-05-05-first-trip.md": dt.date(2021, 5, 5),
    }
    assert site.articles["advice/luggage.md"].keywords == ("bags", "bicycles")
    assert site.articles["_posts/2023-08-01-white-nights.md"].keywords == ("summer", "ships")


def test_every_link_between_pages_is_an_edge(site: Folder) -> None:
    nights, vienna = "_posts/2023-08-01-white-nights.md", "_posts/2024-02-09-a-night-in-vienna.md"
    expected = {
        "_carriages/couchette.md": ["advice/sleep.md"],
        "_carriages/sleeper.md": ["_carriages/couchette.md"],
        nights: ["_routes/baltic.md", vienna],
        vienna: ["_carriages/couchette.md", nights],
        "_routes/baltic.md": [nights],
        "_routes/danube.md": ["_carriages/sleeper.md", "_routes/baltic.md"],
        "about/team.md": ["advice/luggage.md", "timetable.md"],
        "advice/luggage.md": ["advice/sleep.md"],
        "advice/sleep.md": ["_carriages/sleeper.md", "advice/luggage.md"],
        "index.md": ["_routes/danube.md", "timetable.md", vienna],
        "south/_posts/2021-05-05-first-trip.md": ["_routes/danube.md", "timetable.md"],
        "timetable.md": [
            "_carriages/couchette.md",
            "_carriages/sleeper.md",
            "_routes/baltic.md",
            "_routes/danube.md",
        ],
    }
    assert site.edges == {(source, target) for source, targets in expected.items() for target in targets}


def test_what_is_said_of_the_site(site: Folder) -> None:
    assert site.missing == {
        ("advice/luggage.md", "/carriages/van/"),
        ("south/_posts/2021-05-05-first-trip.md", "/staff/guard/"),
        ("timetable.md", "/lines/adriatic/"),
    }
    drafts = "_carriages/van.md, _drafts/a-bridge.md"
    assert site.said == [
        "note .: the collection staff is not read, because the site has no pages of it (output is not true)",
        "note index.md:10: the address of a link has a template expression that kg does not evaluate; it is not read",
        f"warning .: 2 drafts are left out ({drafts}); set drafts = true in [read] of kg.toml to read drafts",
        "warning advice/luggage.md:6: link to ../carriages/van/: _carriages/van.md is a draft, which is left out",
        "warning south/_posts/2021-05-05-first-trip.md:6: link to /staff/guard/: no such article",
        "warning timetable.md:17: link to /lines/adriatic/: no such article",
    ]


def test_tags_and_attributes_are_not_published(site: Folder) -> None:
    assert site.text("timetable.md") == (
        "Times of departure\n"
        "line\tfrom\tat\n"
        "Danube\tUlm\t22:10\n"
        "Baltic\tLund\t21:45\n"
        "The sea line runs again in May. A printed table hangs at each\n"
        "platform, and the operator sells berths.\n"
        "A berth in a sleeper costs twice as much as one in a couchette."
    )
    assert site.text("advice/luggage.md") == (
        "One bag under the berth and one above it. Bicycles travel in the luggage van, see also\n"
        "sleeping.\n"
        "bags = min(2, len(hands))\n"
        "{{ site.bags }} is not filled in."
    )
    assert site.text("advice/sleep.md") == (
        "Ear plugs\nTake two pairs. The sleeper is\nquieter than a couchette.\nThe wheels sing."
    )


def test_the_category_of_a_post_begins_its_address(tmp_path: Path) -> None:
    folder(tmp_path, "_posts/2024-01-31-a.md", text="---\ncategory: Trees\ncategories: old big\n---\nOak.\n")
    folder(tmp_path, "_posts/2024-01-31-b.md", text="---\ncategory: [Trees]\n---\nAsh.\n")
    assert read_folder(tmp_path).urls == {
        "_posts/2024-01-31-a.md": "/trees/old/big/2024/01/31/a.html",
        "_posts/2024-01-31-b.md": "/trees/2024/01/31/b.html",
    }


def test_a_collection_without_output_has_no_pages(tmp_path: Path) -> None:
    folder(tmp_path, "_config.yml", text="collections:\n  trees: {output: true}\n  parts: {output: false}\n  more:\n")
    folder(tmp_path, "_trees/oak.md", "_parts/a.md", "_more/a.md", text="---\nslug: x\n---\nOak.\n")
    assert read_folder(tmp_path).urls == {"_trees/oak.md": "/trees/oak.html"}
