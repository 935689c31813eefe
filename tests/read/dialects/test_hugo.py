"""A Hugo site: known by its configuration beside `content`; page bundles and attributes."""

import datetime as dt
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ToolSettings
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.hugo import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import TREES, Folder, read_folder
from tests.read.texts import published


@pytest.mark.parametrize(
    ("files", "articles", "reason", "content"),
    [
        (["hugo.toml", "content/a.md"], ".", "hugo.toml lies in it", "content"),
        (["hugo.yaml", "content/a.md"], "content", "hugo.yaml lies beside it", ""),
        (["config.toml", "content/a.md"], ".", "config.toml lies in it", "content"),
        (["config.toml", "notes/a.md"], "notes", None, ""),
        (["config.toml", "a.md"], ".", None, ""),
    ],
)
def test_a_site_is_known_by_its_configuration_beside_its_content(
    tmp_path: Path, files: list[str], articles: str, reason: str | None, content: str
) -> None:
    root = folder(tmp_path / "site", *files) / articles
    assert DIALECT.recognise(root) == reason
    assert DIALECT.settings(root).roots[0].folder == content


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("posts/My Post!.md", Place("/posts/my-post/", "My Post!", "posts")),
        ("posts/my-trip/index.md", Place("/posts/my-trip/", "my trip", "posts")),
        ("about/index.md", Place("/about/", "about", None)),
        ("posts/_index.md", Place("/posts/", "posts", "posts")),
        ("_index.md", Place("/index.html", "index", None)),
        ("posts/a_b.md", Place("/posts/a_b/", "a b", "posts")),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


@pytest.mark.parametrize("path", ["a/b.md", "a/b/index.md"])
def test_the_slug_is_the_last_step_of_the_address(path: str) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(path), slug="c"), ToolSettings()).url == "/a/c/"


def test_attributes_of_a_heading_are_not_published() -> None:
    assert published("## Head {#id .class}", "hugo") == "Head"


def test_the_configuration_of_a_language_may_be_a_file(tmp_path: Path) -> None:
    texts = {
        "config/_default/hugo.toml": "defaultContentLanguage = 'de'\n[permalinks]\nnews = '/:year/:slug/'\n",
        "config/_default/languages.de.toml": "contentDir = 'content/de'\n",
        "config/_default/languages.pt-br.toml": "contentDir = 'content/pt'\n",
        "config/_default/menus.de.toml": "",
        "content/de/oak.md": "Eiche.\n",
        "content/pt/oak.md": "Carvalho.\n",
        "content/pt/news/ash.md": "---\ntitle: O freixo\ndate: 2024-01-31\n---\nFreixo.\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    urls = {"content/de/oak.md": "/oak/", "content/pt/oak.md": "/pt-br/oak/"}
    assert read_folder(tmp_path).urls == urls | {"content/pt/news/ash.md": "/pt-br/2024/o-freixo/"}


def test_what_is_not_published_is_no_article(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": 'baseURL = "https://trees.example/"\n',
        "content/parts/_index.md": "---\ncascade:\n  build:\n    render: never\n---\n",
        "content/parts/warning.md": "A saw is sharp.\n",
        "content/trees/_index.md": "---\ncascade:\n  - build: {render: never}\n    target: {kind: home}\n---\nA.\n",
        "content/trees/ash.md": "---\n_build: {render: false}\n---\nAsh.\n",
        "content/trees/oak.md": "---\nbuild: {list: never}\n---\nOak.\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.urls == {"content/trees/_index.md": "/trees/", "content/trees/oak.md": "/trees/oak/"}
    assert read.said == ["note content/trees/ash.md:1: is not published, as its front matter says; it is left out"]


def test_files_beside_the_index_of_a_page_are_no_articles(tmp_path: Path) -> None:
    pages = ["content/oaks.md", "content/trip/index.de.md", "content/trip/index.md", "content/walks/_index.md"]
    resources = ["content/trip/map.markdown", "content/trip/day.md", "content/trip/days/index.md"]
    folder(tmp_path, "hugo.toml", "content/walks/short.md", *pages, *resources)
    assert sorted(read_folder(tmp_path).urls) == [*pages, "content/walks/short.md"]


def test_links_to_paths_from_the_top_and_to_lists(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "",
        "content/a/saws.md": "[Oak](b/oak.md), [list](../../b/), [page](../filled/) and [nothing](../nothing/).\n",
        "content/a/filled.md": "---\nlayout: list\n---\n",
        "content/b/oak.md": "[Saws](a/saws/) and [the same](../../a/saws/).\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.edges == {("content/a/saws.md", "content/b/oak.md"), ("content/b/oak.md", "content/a/saws.md")}
    assert read.said == ["warning content/a/saws.md:1: link to ../nothing/: no such article"]


def test_a_link_leads_to_the_page_in_its_language_also_where_that_page_has_no_text(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "[languages.en]\ncontentDir = 'content/en'\n[languages.fr]\ncontentDir = 'content/fr'\n",
        "content/en/oak.md": "Oak.\n",
        "content/en/ash.md": "Ash.\n",
        "content/en/Elm.md": "Elm.\n",
        "content/fr/oak.md": "Chene.\n",
        "content/fr/ash.md": "---\ntitle: not translated\n---\n",
        "content/fr/yew.html": "If.",
        "content/fr/all.md": "[a](/oak), [b](/ash/), [c](/elm/) and [d](/yew/).\n",
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    read = read_folder(tmp_path)
    assert read.edges == {
        ("content/fr/all.md", "content/fr/oak.md"),
        ("content/fr/all.md", "content/en/Elm.md"),
    }
    assert not [line for line in read.said if "link" in line]


def test_a_link_in_a_file_of_a_language_leads_to_the_page_in_this_language(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "[languages.en]\n[languages.fr]\n",
        **{f"content/{name}.md": f"[a](/oak/) and [b](/ash/) in {name}.\n" for name in ("en", "all.fr")},
        "content/paths.fr.md": '[a](oak.md) and [b]({{< relRef "ash.md" >}})\n',
        **{f"content/{name}.md": f"{name}\n" for name in ("oak", "oak.fr", "ash")},
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    fr = {(f"content/{name}.fr.md", f"content/{to}.md") for name in ("all", "paths") for to in ("oak.fr", "ash")}
    assert read_folder(tmp_path).edges == fr | {("content/en.md", f"content/{name}.md") for name in ("oak", "ash")}


def test_a_link_with_the_whole_address_leads_to_the_page_that_a_browser_opens(tmp_path: Path) -> None:
    texts = {
        "hugo.toml": "baseURL = 'https://trees.example/'\n[languages.en]\n[languages.fr]\n",
        "content/a.fr.md": "[a](https://trees.example/oak/), <https://trees.example/fr/ash/>, "
        "[x](https://trees.example/elm)\n",
        **{f"content/{name}.md": f"{name}\n" for name in ("oak", "oak.fr", "ash", "ash.fr", "elm.fr")},
    }
    for path, text in texts.items():
        folder(tmp_path, path, text=text)
    edges = {("content/a.fr.md", f"content/{name}.md") for name in ("oak", "ash.fr")}
    assert read_folder(tmp_path).edges == edges


def test_empty_lines_may_be_above_the_front_matter(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", text="title = 'Trees'\n")
    folder(tmp_path, "content/oak.md", text="\n---\ntitle: The oak\n---\nText.\n")
    folder(tmp_path, "content/ash.md", text="\n---\ntitle: The ash\ndraft: true\n---\nText.\n")
    assert [article.title for article in read_folder(tmp_path).articles.values()] == ["The oak"]


@pytest.fixture(scope="module")
def site() -> Folder:
    return read_folder(TREES / "hugo")


def test_pages_in_three_languages_have_the_addresses_that_hugo_gives_them(site: Folder) -> None:
    assert site.tool == "hugo"
    assert site.urls == {
        "pages/_index.fr.md": "/fr/",
        "pages/_index.md": "/index.html",
        "pages/about.md": "/who-we-are/",
        "pages/glossary.md": "/glossary/",
        "pages/keepers/ada-holm.md": "/keepers/a-holm/",
        "pages/lights/Needle Rock.fr.md": "/fr/lights/needle-rock/",
        "pages/lights/Needle Rock.md": "/lights/needle-rock/",
        "pages/lights/_index.md": "/lights/",
        "pages/lights/north/_index.md": "/lights/north/",
        "pages/lights/north/lens.md": "/lights/north/lens/",
        "pages/lights/skerry/index.fr.md": "/fr/lights/skerry/",
        "pages/lights/skerry/index.md": "/lights/skerry/",
        "pages/logbook/2023-11-04-storm.md": "/log/2023/11/the-november-storm/",
        "pages/logbook/_index.md": "/log/",
        "pages/logbook/fog.md": "/log/2022/10/nine-days-of-fog/",
        "seiten/_index.md": "/de/",
        "seiten/lights/Needle Rock.md": "/de/lights/needle-rock/",
        "seiten/wetter.md": "/de/wetter/",
    }


def test_titles_subjects_dates_languages_and_keywords(site: Folder) -> None:
    shown = {path: (article.title, article.subject) for path, article in site.articles.items()}
    assert shown["pages/lights/skerry/index.md"] == ("Skerry: a light on an islet", "lights")
    assert shown["pages/lights/Needle Rock.md"] == ("Needle Rock", "towers")
    assert shown["pages/about.md"] == ("The association", None)
    assert shown["seiten/lights/Needle Rock.md"] == ("Der Nadelfelsen", "lights")
    assert {path: article.date for path, article in site.articles.items() if article.date} == {
        "pages/glossary.md": dt.date(2021, 5, 3),
        "pages/keepers/ada-holm.md": dt.date(2019, 8, 21),
        "pages/lights/Needle Rock.fr.md": dt.date(2020, 2, 29),
        "pages/lights/Needle Rock.md": dt.date(2020, 2, 29),
        "pages/lights/skerry/index.md": dt.date(2021, 7, 12),
        "pages/logbook/2023-11-04-storm.md": dt.date(2023, 11, 5),
        "pages/logbook/fog.md": dt.date(2022, 10, 14),
        "seiten/wetter.md": dt.date(2022, 1, 15),
    }
    for path, article in site.articles.items():
        assert article.language == ("de" if path.startswith("seiten") else "fr" if ".fr." in path else "en")
    assert site.articles["pages/lights/Needle Rock.md"].keywords == ("granite", "oil lamps")
    assert site.articles["pages/about.md"].keywords == ("volunteers", "paint")


def test_every_link_between_pages_is_an_edge_also_to_a_page_in_another_language(site: Folder) -> None:
    rock, skerry, storm = "lights/Needle Rock.md", "pages/lights/skerry/index.md", "pages/logbook/2023-11-04-storm.md"
    lens, keeper = "pages/lights/north/lens.md", "pages/keepers/ada-holm.md"
    expected = {
        "pages/_index.fr.md": ["pages/glossary.md", "pages/lights/Needle Rock.fr.md"],
        "pages/_index.md": ["pages/about.md", f"pages/{rock}", "pages/lights/_index.md", "pages/logbook/fog.md"],
        "pages/about.md": [keeper, "pages/logbook/_index.md"],
        "pages/glossary.md": [f"pages/{rock}", lens, skerry, storm],
        keeper: ["pages/lights/north/_index.md", "pages/logbook/_index.md"],
        "pages/lights/Needle Rock.fr.md": [lens, "pages/lights/skerry/index.fr.md"],
        f"pages/{rock}": [keeper, lens, skerry],
        "pages/lights/_index.md": [f"pages/{rock}", "pages/lights/north/_index.md"],
        "pages/lights/north/_index.md": [lens],
        lens: ["pages/glossary.md", f"pages/{rock}", storm],
        "pages/lights/skerry/index.fr.md": ["pages/_index.fr.md", "pages/lights/Needle Rock.fr.md"],
        skerry: ["pages/glossary.md", keeper],
        storm: [f"pages/{rock}", "pages/logbook/fog.md"],
        "pages/logbook/_index.md": [storm],
        "seiten/_index.md": [f"seiten/{rock}", "seiten/wetter.md"],
        f"seiten/{rock}": [skerry, "seiten/wetter.md"],
        "seiten/wetter.md": [f"seiten/{rock}"],
    }
    assert site.edges == {(source, target) for source, targets in expected.items() for target in targets}


def test_what_is_said_of_the_site(site: Folder) -> None:
    assert site.missing == {
        ("pages/keepers/ada-holm.md", "/keepers/eva-holm/"),
        ("pages/lights/_index.md", "/lights/iron/"),
        ("pages/logbook/2023-11-04-storm.md", "/keepers/unfinished/"),
        ("pages/logbook/2023-11-04-storm.md", "/log/2023/10/"),
        ("seiten/wetter.md", "/log/2023/11/der-sturm/"),
    }
    draft = "pages/keepers/unfinished.md"
    assert [line for line in site.said if "suffix" not in line] == [
        "note pages/parts/index.md:1: is not published, as its front matter says; it is left out",
        f"warning .: 1 draft is left out ({draft}); set drafts = true in [read] of kg.toml to read drafts",
        "warning pages/keepers/ada-holm.md:9: link to /keepers/eva-holm/: no such article",
        "warning pages/lights/_index.md:6: link to /lights/iron/: no such article",
        "warning pages/logbook/2023-11-04-storm.md:8: link to ../../10/: no such article",
        f"warning pages/logbook/2023-11-04-storm.md:8: link to /keepers/unfinished/: {draft} is a draft, "
        "which is left out",
        "warning seiten/wetter.md:9: link to /log/2023/11/der-sturm/: no such article",
    ]


def test_shortcodes_are_not_published_and_what_is_between_them_is(site: Folder) -> None:
    assert site.text("pages/_index.md") == (
        "Nineteen lights stand between the estuary and the cape. Begin with Needle Rock, the oldest of\n"
        "them, or with the list of all towers.\n"
        "A light is closed to visitors while fog lasts.\n"
        "The association keeps the towers. An old page had only one of them."
    )
    assert site.text("pages/glossary.md") == (
        "Burner\n"
        "The lamp in the middle of the lens. That of Skerry burns paraffin.\n"
        "Occulting\n"
        "A light that is longer lit than dark. See the lens of the north.\n"
        "word\tmeaning\ttower\n"
        "gallery\tthe balcony around the lamp\tNeedle Rock\n"
        "bullseye\tthe middle of a panel\tthe lens\n"
        "A flashing light is longer dark, as in the storm."
    )
    text = site.text("pages/lights/Needle Rock.md")
    assert text.startswith("The rock\nNeedle Rock rises eleven metres from the sea.")
    assert "Landing needs a calm day. Ask Ada Holm before.\nfunc flash() { lamp.On(5 * time.Second) }\n" in text
    for word in ("warning", "wide", "chart.txt", "linenos"):
        assert word not in text


def test_mounts_say_where_the_pages_and_the_languages_are() -> None:
    site = read_folder(TREES / "hugo_mounts")
    assert site.urls == {
        "shared/rules/_index.md": "/en/rules/",
        "shared/rules/calls.md": "/en/rules/calls/",
        "shared/rules/silence.md": "/en/rules/silence/",
        "text/_index.md": "/en/",
        "text/methods/grandsire.md": "/en/methods/grandsire-doubles/",
        "text/methods/rounds.md": "/en/methods/rounds/",
        "text/towers/_index.md": "/en/towers/",
        "text/towers/oldmere/index.md": "/en/towers/2018/oldmere/",
        "text/towers/st-anne.md": "/en/towers/2019/anne/",
        "texte/_index.md": "/fr/",
        "texte/methods/rounds.md": "/fr/methods/rounds/",
    }
    expected = {
        "shared/rules/_index.md": ["shared/rules/calls.md", "shared/rules/silence.md"],
        "shared/rules/calls.md": ["text/methods/grandsire.md"],
        "shared/rules/silence.md": ["shared/rules/calls.md"],
        "text/_index.md": ["shared/rules/silence.md", "text/methods/rounds.md", "text/towers/_index.md"],
        "text/methods/grandsire.md": [
            "shared/rules/silence.md",
            "text/methods/rounds.md",
            "text/towers/oldmere/index.md",
        ],
        "text/methods/rounds.md": ["shared/rules/calls.md", "text/methods/grandsire.md"],
        "text/towers/_index.md": ["text/towers/oldmere/index.md", "text/towers/st-anne.md"],
        "text/towers/oldmere/index.md": ["text/_index.md"],
        "text/towers/st-anne.md": ["text/methods/rounds.md", "text/towers/oldmere/index.md"],
        "texte/_index.md": ["texte/methods/rounds.md"],
        "texte/methods/rounds.md": ["text/methods/grandsire.md", "texte/_index.md"],
    }
    assert site.edges == {(source, target) for source, targets in expected.items() for target in targets}
    assert site.said == [
        "note .: 1 file is not in the content of the site (text and others) and not read: assets/notes.md; to read it, "
        'set tool = "plain" in [read] of kg.toml',
        "warning text/methods/grandsire.md:8: link to /towers/newmere: no such article",
        "warning text/towers/st-anne.md:8: link to /towers/2017/chapel/: no such article",
    ]


@pytest.mark.parametrize(
    "language", ["lang: fr", "sites: {matrix: {languages: fr}}", "sites: {matrix: {languages: ['f*']}}"]
)
def test_a_mount_names_its_language_or_a_glob_of_languages(tmp_path: Path, language: str) -> None:
    mounts = f"mounts: [{{source: en, target: content}}, {{source: fr, target: content, {language}}}]"
    folder(tmp_path, "hugo.yaml", text=f"languages: {{en: {{}}, fr: {{}}}}\nmodule: {{{mounts}}}\n")
    folder(tmp_path, "en/oak.md", "fr/oak.md")
    assert read_folder(tmp_path).urls == {"en/oak.md": "/oak/", "fr/oak.md": "/fr/oak/"}


def test_a_relative_alias_is_beside_the_page(tmp_path: Path) -> None:
    folder(tmp_path, "hugo.toml", text="")
    folder(tmp_path, "content/trees/ash.md", text="---\naliases: [maple, ../old/, /top/]\nslug: grey\n---\nAsh.\n")
    folder(tmp_path, "content/b.md", text="[a](/trees/maple/), [b](/old), [c](/top/) and [d](/maple/).\n")
    read = read_folder(tmp_path)
    assert read.edges == {("content/b.md", "content/trees/ash.md")}
    assert read.missing == {("content/b.md", "/maple/")}
