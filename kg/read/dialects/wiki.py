"""A wiki of GitHub, GitLab or Gollum: pages that link to each other by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import LinkKind
from kg.base.paths import exists
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, Place, TitleHeading
from kg.read.dialects.paths import prefixed, subject
from kg.read.files import entries, files_below, spread, text_of
from kg.read.syntax.extension import Extension, Markup, Piece
from kg.read.syntax.web_addresses import BARE_ADDRESS
from kg.read.syntax.wiki_links import LABEL_FIRST, label_first, wiki_links

_SUFFIXES: Final = (".md", ".markdown")
_OTHER_SUFFIXES: Final = (
    *(".asciidoc", ".adoc", ".asc", ".creole", ".mediawiki", ".wiki", ".org", ".pod", ".rdoc", ".rst", ".rest"),
    *(".textile", ".txt"),
)
_AROUND: Final = ("sidebar", "footer", "header")
"""Names, without the underscore at their beginning, of the files that are shown around every page."""
_SAMPLE: Final = 500
"""Maximum number of files that are read to find out whether a folder is a wiki, or what its address is."""
_MIN_PAGES: Final = 3
_MIN_SHARE: Final = 0.8
"""Minimum share of the linked pages of a wiki that are files in the folder; `_MIN_PAGES` is their minimum number."""
_WIKI_ADDRESS = re.compile(r"https?://[\w.-]+(?:/[\w.-]+){2,6}?(?:/-)?/wikis?(?=/([^\s/()<>\[\]\"'#?]+))")
_REMOTE = re.compile(r"^[ \t]*url[ \t]*=[ \t]*(.*?)(?:\.git)?[ \t]*$", re.MULTILINE)
_HOST_AND_PATH = re.compile(r"(?:[\w+]+://)?(?:[^@/]*@)?(?P<host>[\w.-]+)(?::\d+(?=/))?[:/](?P<path>[\w./~-]+)")
_PICTURE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"/\.\./(?!wikis?(?:/|$))|/[^/]+/[^/]+/(?:-|actions|blob|commits?|compare|discussions|issues|pulls?|raw|releases|tags|tree)"
    r"(?:/|$)|/[^/]+/[^/]+/wikis?(?:/|$)"
)
_ALT = re.compile(r"(?:^|\|)\s*alt\s*=\s*([^|,]*)")


def _files(folder: Path) -> list[Path]:
    return [path for path in entries(folder) if path.suffix.lower() in _SUFFIXES]


def _recognise(folder: Path) -> str | None:
    """Recognise a wiki by the name of its folder or of its Git repository, or by its pages Home and _Sidebar."""
    if folder.name.endswith(".wiki") and _files(folder):
        return "its name ends in .wiki"
    if _remote(folder):
        return "it is a clone of a wiki"
    stems = {path.stem for path in _files(folder)}
    if exists(folder / "index.html"):
        return None
    for spelled in (str.title, str.lower):
        home = spelled("home")
        beside = next((f"_{spelled(name)}" for name in _AROUND if f"_{spelled(name)}" in stems), None)
        if home in stems and beside:
            return f"it has {home}.md and {beside}.md"
    return None


def _remote(folder: Path) -> str | None:
    """Return the address of the Git repository of a wiki, without `.wiki.git`; None if the folder is not its clone."""
    remotes = _REMOTE.findall(text_of(folder / ".git" / "config"))
    return next((url.removesuffix(".wiki") for url in remotes if url.endswith(".wiki")), None)


def _recognise_text(folder: Path, files: Sequence[str]) -> str | None:
    """Recognise a folder with a page Home as a wiki if some link has a target in a wiki only, and none in a vault only.

    In a wiki, `[[Getting Started]]` leads to Getting-Started.md, and `[[the label|Note]]` to Note.md.
    """
    stems = {PurePosixPath(file).stem.casefold() for file in files}
    if "home" not in {PurePosixPath(file).stem.casefold() for file in files if "/" not in file}:
        return None
    keys = {_name_key(stem) for stem in stems}
    reason = None
    for file in spread(files, _SAMPLE):
        try:
            links = list(wiki_links(text_of(folder / file)))
        except MemoryError:
            raise
        except Exception:  # reading the file as an article will report it
            continue
        for link in links:
            label, name = (part.partition("#")[0].strip().rpartition("/")[2].casefold() for part in label_first(link))
            if label and label in stems and _name_key(name) not in keys:
                return None
            if _name_key(name) in keys and (name not in stems or (label and label not in stems)):
                reason = reason or f"{file} has a link to another page, as in a wiki of GitHub"
    return reason


def _settings(folder: Path) -> ToolSettings:
    files = _files(folder)
    stems = {path.stem for path in files}
    home = "home" if "home" in stems and "Home" not in stems else "Home"
    site = _site(folder, files, home)
    is_gitlab = site.endswith("/wikis") if site else home == "home"
    names = Counter(path.stem.casefold() for path in files_below(folder) if path.suffix.lower() in _SUFFIXES)
    ambiguous = sorted(name for name, count in names.items() if count > 1 and not name.startswith("_"))
    return ToolSettings(
        site=site,
        roots=(ContentRoot(kind="gitlab" if is_gitlab else "github"),),
        options=(("home", home), *(("ambiguous", name) for name in ambiguous)),
    )


def _site(folder: Path, files: Sequence[Path], home: str) -> str | None:
    """Return the web address of a wiki. It is found from the Git repository or from the links in the pages.

    On an unknown host, the name of the front page decides: home.md means GitLab, and Home.md means GitHub.
    """
    if found := _HOST_AND_PATH.fullmatch(_remote(folder) or ""):
        is_gitlab = "gitlab" in found["host"] or (home == "home" and "github" not in found["host"])
        return f"https://{found['host']}/{found['path']}/{'-/wikis' if is_gitlab else 'wiki'}"
    stems = {_name_key(path.stem.casefold()) for path in files}
    linked: dict[str, set[str]] = {}
    for path in spread(files, _SAMPLE):
        for found in _WIKI_ADDRESS.finditer(text_of(path)):
            linked.setdefault(found[0], set()).add(_name_key(unquote(found[1]).casefold()))
    likely = [site for site, pages in linked.items() if len(pages & stems) >= max(_MIN_PAGES, _MIN_SHARE * len(pages))]
    return max(likely, key=lambda site: (len(linked[site] & stems), site), default=None)


def _place(page: Page, settings: ToolSettings) -> Place:
    """Return the place of a page.

    `Winter-Pruning.md` has the title "Winter Pruning" and the address `/Winter-Pruning`. In a wiki of GitHub, the
    folder of a page is not part of its address.
    """
    file = page.file
    steps = file.with_suffix("").parts
    is_flat = page.root.kind != "gitlab" and ("ambiguous", file.stem.casefold()) not in settings.options
    url = "/" + "/".join(
        prefixed(page.root.prefix, [re.sub(r"\s", "-", step) for step in steps[-1 if is_flat else 0 :]])
    )
    return Place(url, _title(file.stem), subject(file.parts[:-1]))


def _title(stem: str) -> str:
    """Return the title of a page. GitHub writes a hyphen in a title as U+2010 into the name of the file."""
    title = " ".join(unquote(stem, errors="replace").replace("-", " ").replace("\u2010", "-").split())
    return title or stem


def _name_key(name: str) -> str:
    """Return the normal form of a name: spaces, hyphens and underscores are the same, and escapes are decoded."""
    return re.sub(r"[\s_\u2010-]+", "-", unquote(name, errors="replace"))


def _missing_file(name: str, settings: ToolSettings) -> str:
    return re.sub(r"\s+", "-", name.strip().strip("/")) + ".md"


def _other_addresses(address: str, root: ContentRoot, settings: ToolSettings) -> Iterable[str]:
    """Yield the addresses of the page that a link means: "/" is Home; "/wiki/Page" and "/dir/Page" are "/Page"."""
    path = re.sub(r"^/(?:\.\./)*(?:-/)?wikis?(?=/|$)", "", address).rstrip("/")
    if not path:
        yield f"/{settings.option('home') or 'Home'}"
        return
    yield re.sub(r"\s+", "-", path)
    yield re.sub(r"\s+", "-", path[path.rindex("/") :]) if "/" in path else path


def _is_elsewhere(address: str, settings: ToolSettings, exists: Callable[[str], bool]) -> bool:
    """Whether an address belongs to another part of the repository, or to the wiki of another repository."""
    return _ELSEWHERE.match(address) is not None


def _read_link(match: re.Match[str]) -> Iterator[Piece]:
    """Read a wiki link. `[[picture.png|alt=text]]` is a picture; its alt text is published."""
    label, place = label_first(match[0])
    if _PICTURE.search((label or place).partition("|")[0].strip()):
        alt = _ALT.search(place)
        yield Markup(match.start(), match.end(), alt[1].strip() if alt else "")
    else:
        yield from LABEL_FIRST.read(match)


DIALECT = Dialect(
    name="wiki",
    title="a wiki of GitHub or GitLab",
    precedence=7,
    recognise=_recognise,
    recognise_text=_recognise_text,
    settings=_settings,
    place=_place,
    own_address=None,
    generated=tuple(f"**/_?{name[1:]}.*" for name in _AROUND),
    extensions=(Extension("wiki_link", LABEL_FIRST.first, LABEL_FIRST.pattern, _read_link), BARE_ADDRESS),
    title_heading=TitleHeading.NONE,
    empty_article=EmptyArticle.UNWRITTEN,
    links_by_address=True,
    links_by_name=True,
    ignores_case=True,
    resolves=frozenset({LinkKind.PATH, LinkKind.NAME}),
    missing_file=_missing_file,
    other_suffixes=_OTHER_SUFFIXES,
    name_key=_name_key,
    other_addresses=_other_addresses,
    is_elsewhere=_is_elsewhere,
)
