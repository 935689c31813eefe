"""Folders of tools that kg does not know: one note says so, and links and texts are read by general rules."""

from pathlib import Path

import pytest

from kg.read.dialects.other_tools import find_tool
from kg.read.dialects.plain import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.whole_folder import Folder, read_folder


def site(root: Path, files: dict[str, str]) -> Folder:
    for name, text in files.items():
        folder(root, name, text=text)
    return read_folder(root)


def note(title: str, sign: str) -> str:
    return (
        f"note .: looks like {title} ({sign}), which kg does not know: addresses are made of paths, and links are "
        "followed by general rules"
    )


@pytest.mark.parametrize(
    ("file", "text", "title", "sign"),
    [
        (".vitepress/config.ts", "", "a VitePress site", ".vitepress"),
        ("docs/.vuepress/config.js", "", "a VuePress site", ".vuepress"),
        ("astro.config.mjs", "import starlight from '@astrojs/starlight'", "a Starlight site", "astro.config.mjs"),
        ("astro.config.mjs", "export default {}", "an Astro site", "astro.config.mjs"),
        ("eleventy.config.js", "", "an Eleventy site", "eleventy.config.js"),
        (".eleventy.js", "", "an Eleventy site", ".eleventy.js"),
        ("docfx.json", "{}", "a docfx project", "docfx.json"),
        (
            ".openpublishing.publish.config.json",
            "{}",
            "documentation for Microsoft Learn",
            ".openpublishing.publish.config.json",
        ),
        ("files/en-us/a/index.md", "", "a copy of MDN", "files/en-us"),
        ("data/reusables/a.md", "", "GitHub Docs", "data/reusables"),
        (".gitbook.yaml", "", "a GitBook", ".gitbook.yaml"),
        ("next.config.js", "require('nextra')", "a Nextra site", "next.config.js"),
        ("conf.py", "BLOG_TITLE = 'x'", "a Nikola site", "conf.py"),
        ("docs/conf.py", "extensions = ['myst_parser']", "Sphinx documentation", "conf.py"),
        ("myst.yml", "", "a MyST project", "myst.yml"),
        ("pelicanconf.py", "", "a Pelican site", "pelicanconf.py"),
        ("gatsby-config.js", "", "a Gatsby site", "gatsby-config.js"),
        ("scaffolds/post.md", "", "a Hexo site", "scaffolds"),
        ("index.html", "<script src='docsify.js'>", "a docsify site", "index.html"),
    ],
)
def test_a_note_names_the_tool_and_its_sign(tmp_path: Path, file: str, text: str, title: str, sign: str) -> None:
    folder(tmp_path / "site", file, text=text)
    folder(tmp_path / "site", "pages/a.md")
    for root in (tmp_path / "site", tmp_path / "site/pages"):
        found = find_tool(root)
        assert found is not None
        assert (found.tool.title, found.sign) == (title, sign)
        assert DIALECT.recognise(root) == f"it looks like {title} ({sign})"
        assert [f"note .: {said}" for said in DIALECT.settings(root).notes] == [note(title, sign)]


@pytest.mark.parametrize("sign", ["next.config.js", "conf.py", "index.html", "book.json", "config.toml", "astro.md"])
def test_files_that_other_programs_have_too_are_no_signs(tmp_path: Path, sign: str) -> None:
    folder(tmp_path, sign, "a.md", text="something")
    assert find_tool(tmp_path) is None
    assert DIALECT.recognise(tmp_path) is None


def test_vitepress(tmp_path: Path) -> None:
    found = site(
        tmp_path,
        {
            ".vitepress/config.mts": "export default defineConfig({title: 'Birds', base: '/birds/', srcDir: 'src'})",
            "README.md": "# About\n\n[Owls](src/owls.md)",
            "src/index.md": "---\nlayout: home\nhero:\n  name: Birds\n---\n",
            "src/owls.md": (
                "<script setup>\nimport { ref } from 'vue'\nconst n = ref(1)\n</script>\n\n# Owls {#owls}\n\n"
                "Owls hunt {{ n }} mice. <Badge text='new' /> See [nests](/guide/nests), "
                "[songs](./guide/songs.html#a), "
                '[published](/birds/guide/nests) and <VPLink href="/guide/songs">songs</VPLink>.\n'
            ),
            "src/guide/nests.md": "# Nests\n\n[Owls](../owls) and [songs](songs).",
            "src/guide/songs.md": "# Songs\n\n[Nothing](/guide/none) and [a file](/logo.svg).",
        },
    )
    assert found.tool == "plain"
    assert found.edges == {
        ("README.md", "src/owls.md"),
        ("src/guide/nests.md", "src/guide/songs.md"),
        ("src/guide/nests.md", "src/owls.md"),
        ("src/owls.md", "src/guide/nests.md"),
        ("src/owls.md", "src/guide/songs.md"),
    }
    assert found.said == [
        note("a VitePress site", ".vitepress"),
        "warning src/guide/songs.md:3: link to /guide/none: no such article",
    ]
    text = found.text("src/owls.md")
    assert "Owls hunt … mice.  See nests, songs, published and songs." in text
    assert "import" not in text
    assert found.urls["src/owls.md"] == "article/src/owls"


def test_starlight(tmp_path: Path) -> None:
    content = "src/content/docs"
    found = site(
        tmp_path,
        {
            "astro.config.mjs": (
                "export default defineConfig({site: 'https://x.example', base: '/docs', integrations: [starlight()]})"
            ),
            f"{content}/index.mdx": (
                "---\ntitle: Start\ntemplate: splash\n---\nimport {Card} from "
                "'@astrojs/starlight/components';\n\n<Card />"
            ),
            f"{content}/guides/seeds.mdx": (
                "---\ntitle: Seeds\n---\n<LinkCard title='Soil' href='/docs/reference/soil/' />\n\n"
                "Sow [now](/guides/later/)."
            ),
            f"{content}/guides/later.md": (
                "---\ntitle: Later\nslug: sowing/later\n---\nWait. [Seeds](../seeds/) and "
                "[soil](../../reference/soil/)."
            ),
            f"{content}/reference/soil.md": "---\ntitle: Soil\n---\nLoam. [Later](/sowing/later/) and [start](/).",
            f"{content}/de/guides/seeds.md": (
                "---\ntitle: Samen\n---\n[Boden](/de/reference/soil/) und [mehr](/de/guides/seeds/) "
                "und [dann](../later/)."
            ),
            f"{content}/de/guides/later.md": (
                "---\ntitle: Dann\n---\n[Samen](/de/guides/seeds/) und [noch](/fr/guides/seeds/)."
            ),
            f"{content}/404.md": "---\ntitle: Nothing here\n---\n",
        },
    )
    assert found.edges == {
        (f"{content}/guides/seeds.mdx", f"{content}/reference/soil.md"),
        (f"{content}/guides/seeds.mdx", f"{content}/guides/later.md"),
        (f"{content}/guides/later.md", f"{content}/guides/seeds.mdx"),
        (f"{content}/guides/later.md", f"{content}/reference/soil.md"),
        (f"{content}/reference/soil.md", f"{content}/guides/later.md"),
        (f"{content}/de/guides/seeds.md", f"{content}/reference/soil.md"),
        (f"{content}/de/guides/seeds.md", f"{content}/de/guides/later.md"),
        (f"{content}/de/guides/later.md", f"{content}/de/guides/seeds.md"),
    }
    assert found.said == [
        note("a Starlight site", "astro.config.mjs"),
        f"warning {content}/de/guides/later.md:4: link to /fr/guides/seeds/: no such article",
    ]
    assert found.text(f"{content}/guides/seeds.mdx") == "Soil\nSow now."


def test_eleventy(tmp_path: Path) -> None:
    found = site(
        tmp_path,
        {
            "eleventy.config.js": "module.exports = {}",
            "src/_includes/note.md": "A part of a page.",
            "src/posts/2024-01-31-frost.md": (
                "---\ntitle: Frost\npermalink: '/x/{{ page.fileSlug }}/'\n---\nCold {{ year }}. "
                "[Soil](/posts/soil/) and [part](/mascot/)."
            ),
            "src/posts/2024-02-02-soil.md": (
                "---\ntitle: Soil\npermalink: false\n---\nWarm. [Frost](/posts/2024/01/31/frost/) "
                "and [so]({{ '/posts/frost/' | url }})."
            ),
            "src/posts/rain.md": "---\ntitle: Rain\npermalink: false\n---\nWet. [Frost](../frost/).",
            "src/mascot.njk": "",
        },
    )
    assert found.edges == {
        ("src/posts/2024-01-31-frost.md", "src/posts/2024-02-02-soil.md"),
        ("src/posts/2024-02-02-soil.md", "src/posts/2024-01-31-frost.md"),
        ("src/posts/rain.md", "src/posts/2024-01-31-frost.md"),
    }
    assert found.urls == {
        "src/posts/2024-01-31-frost.md": "article/src/posts/2024-01-31-frost",
        "src/posts/2024-02-02-soil.md": "article/src/posts/2024-02-02-soil",
        "src/posts/rain.md": "article/src/posts/rain",
    }
    assert found.said == [
        note("an Eleventy site", "eleventy.config.js"),
        "note src/posts/2024-01-31-frost.md:3: permalink: has a template expression that kg does not evaluate; it is "
        "not read",
    ]
    assert found.text("src/posts/2024-01-31-frost.md") == "Cold …. Soil and part."


def test_mdn(tmp_path: Path) -> None:
    page = '---\ntitle: {}\nslug: {}\npage-type: guide\n---\n\n{{{{ToolSidebar("Saws")}}}}\n\n{}\n'
    found = site(
        tmp_path,
        {
            "files/en-us/web/saw/index.md": page.format(
                "Saw",
                "Web/Saw",
                'A {{Glossary("branch")}} and a [branch](/en-US/docs/Glossary/Branch#x), or '
                "[teeth](/en-US/docs/Web/Saw/Teeth).",
            ),
            "files/en-us/web/saw/teeth/index.md": page.format(
                "Teeth", "Web/Saw/Teeth", "[Saw](/en-US/docs/Web/Saw) and [more](/en-US/docs/Web/Axe)."
            ),
            "files/en-us/glossary/branch/index.md": page.format(
                "Branch", "Glossary/Branch", "[Saw](/en-US/docs/Web/Saw)."
            ),
            "files/fr/glossary/branch/index.md": page.format("Branche", "Glossary/Branch", "[Scie](/fr/docs/Web/Saw)."),
            "files/fr/web/saw/index.md": page.format("Scie", "Web/Saw", "[Branche](/fr/docs/Glossary/Branch)."),
        },
    )
    assert found.edges == {
        ("files/en-us/web/saw/index.md", "files/en-us/glossary/branch/index.md"),
        ("files/en-us/web/saw/index.md", "files/en-us/web/saw/teeth/index.md"),
        ("files/en-us/web/saw/teeth/index.md", "files/en-us/web/saw/index.md"),
        ("files/en-us/glossary/branch/index.md", "files/en-us/web/saw/index.md"),
        ("files/fr/glossary/branch/index.md", "files/fr/web/saw/index.md"),
        ("files/fr/web/saw/index.md", "files/fr/glossary/branch/index.md"),
    }
    assert found.said == [
        note("a copy of MDN", "files/en-us"),
        "warning files/en-us/web/saw/teeth/index.md:9: link to /en-US/docs/Web/Axe: no such article",
    ]
    assert found.text("files/en-us/web/saw/index.md") == "A branch and a branch, or teeth."


def test_microsoft_learn(tmp_path: Path) -> None:
    found = site(
        tmp_path,
        {
            ".openpublishing.publish.config.json": '{"docsets_to_publish": [{"build_source_folder": "Docs"}]}',
            "Docs/docfx.json": (
                '{"build": {"globalMetadata": {"breadcrumb_path": "/tools/saws/breadcrumb/toc.json"},} // x\n}'
            ),
            "Docs/includes/warn.md": "Saws are sharp.",
            "Docs/index.md": (
                "# Saws\n\n[!INCLUDE [warn](includes/warn.md)]\n\n> [!NOTE]\n> Oil them.\n\n"
                ':::image type="content" source="a.png" alt-text="A saw.":::\n\n'
                "Use <xref:Saws.Blade?displayProperty=fullName> or [blades](xref:Saws.Blade). "
                "See [files](~/Docs/Files.md), "
                "[files](~/files.md), [blades](/tools/saws/Blades#a), [axes](/tools/axes/heads), "
                "[back](parts\\Rear.md) and "
                "[code](https://learn.example/a).\n\n[!code-rust[Main](x.rs#1)]\n"
            ),
            "Docs/files.md": "# Files\n\n[Faq](faq.yml) and [none](none.md).",
            "Docs/faq.yml": "",
            "Docs/blades.md": "# Blades\n\n[Index](./INDEX.md)",
            "Docs/parts/rear.md": "# Rear\n\n[Saws](../)",
        },
    )
    assert found.edges == {
        ("Docs/index.md", "Docs/files.md"),
        ("Docs/index.md", "Docs/blades.md"),
        ("Docs/index.md", "Docs/parts/rear.md"),
        ("Docs/blades.md", "Docs/index.md"),
        ("Docs/parts/rear.md", "Docs/index.md"),
    }
    assert found.said == [
        note("documentation for Microsoft Learn", ".openpublishing.publish.config.json"),
        "warning Docs/files.md:3: link to none.md: no such article",
    ]
    assert found.text("Docs/index.md") == (
        "Saws\nOil them.\nA saw.\nUse Saws.Blade or blades. See files, files, blades, axes, back and code."
    )


def test_github_docs(tmp_path: Path) -> None:
    found = site(
        tmp_path,
        {
            "data/reusables/note.md": "A part of a page.",
            "content/caching.md": (
                "---\ntitle: Caching\n---\n{% data variables.x %} keeps a cache. See "
                "[AUTOTITLE](/artifacts) and [AUTOTITLE](/en/guides/start#a)."
            ),
            "content/artifacts.md": "---\ntitle: Artifacts\n---\nText.",
            "content/guides/start.md": "---\ntitle: Start\n---\nText.",
        },
    )
    assert found.edges == {
        ("content/caching.md", "content/artifacts.md"),
        ("content/caching.md", "content/guides/start.md"),
    }
    assert found.said == [note("GitHub Docs", "data/reusables")]
    assert found.text("content/caching.md") == " keeps a cache. See … and …."


def test_a_table_of_contents_is_no_article(tmp_path: Path) -> None:
    found = site(
        tmp_path,
        {
            "SUMMARY.md": "# Table of contents\n\n* [Start](README.md)\n\n## Part\n\n* [A](a.md)\n",
            "README.md": "# Start\n\n[A](a.md), [part](part/) and [contents](SUMMARY.md).",
            "a.md": "# A\n\n[Start](./).",
            "part/SUMMARY.md": "# Summary\n\nThis is a text with a [link](../a.md).",
        },
    )
    assert set(found.articles) == {"README.md", "a.md", "part/SUMMARY.md"}
    assert found.edges == {("README.md", "a.md"), ("a.md", "README.md"), ("part/SUMMARY.md", "a.md")}
    assert found.said == []
