"""A folder of articles in which almost everything is wrong, one thing a file.

write_good_articles(folder: Path) -> list[str]
    Writes ten articles that nothing is wrong with; returns their paths relative to `folder`, sorted.

write_broken_articles(folder: Path) -> dict[str, tuple[Severity, int, str]]
    Writes one broken article for each kind of mistake, beside the good ones; returns, by path relative to `folder` (as
    a problem names it), the severity, the line and a part of the message of the one problem that the file must give.

Call both on the same folder: two of the broken articles take the urls of good ones, and lose them because their paths
sort later. A broken article with a warning loses one value only and is kept, and so are those in `READ_DESPITE_ERROR`.
"""

from pathlib import Path

from kg.base.model import Severity

READ_DESPITE_ERROR = {"wrong/yaml-tag.md", "wrong/yaml-tag-unknown.md"}

TOPICS = [
    "Data drift",
    "Feature stores",
    "Model registries",
    "Shadow deployment",
    "Canary releases",
    "Batch scoring",
    "Online learning",
    "Technical debt",
    "Label noise",
    "Concept drift",
]


def write_good_articles(folder: Path) -> list[str]:
    (folder / "good").mkdir(parents=True)
    slugs = [topic.lower().replace(" ", "-") for topic in TOPICS]
    for topic, slug, following in zip(TOPICS, slugs, [*slugs[1:], slugs[0]], strict=True):
        text = f"""---
id: {len(topic)}
date: 2025-01-31
title: What is {topic.lower()}?
question: What is {topic.lower()}?
answer: >-
    **{topic}** is a topic of machine learning.\\n\\nA team that knows {topic.lower()} deploys models with less risk.
subject: Computer Science
seo:
  page_keywords: {topic.lower()}, machine learning
url: /learn/{slug}
related_article1:
    id: 1
    title: The next topic
    url: /learn/{following}
---

&nbsp;
"""
        (folder / "good" / f"{slug}.md").write_text(text, encoding="utf-8")
    return sorted(f"good/{slug}.md" for slug in slugs)


def write_broken_articles(folder: Path) -> dict[str, tuple[Severity, int, str]]:
    wrong = folder / "wrong"
    wrong.mkdir(parents=True)
    expected: dict[str, tuple[Severity, int, str]] = {}

    def add(name: str, content: str | bytes, line: int, message: str, severity: Severity = Severity.ERROR) -> None:
        (wrong / name).write_bytes(content.encode() if isinstance(content, str) else content)
        expected[f"wrong/{name}"] = (severity, line, message)

    def add_fields(name: str, fields: str, line: int, message: str, severity: Severity = Severity.WARNING) -> None:
        """An article that would be fine without `fields`, which begin at line 3."""
        add(name, f"---\ntitle: {name}\n{fields}\n---\n\nThis article has a text.\n", line, message, severity)

    add("not-utf-8-latin-1.md", "---\ntitle: Caf\xe9\n---\ntext\n".encode("latin-1"), 2, "not UTF-8: byte 0xe9")
    add("not-utf-8-utf-16.md", "---\ntitle: Sixteen bits\n---\ntext\n".encode("utf-16"), 1, "not UTF-8: byte 0xff")
    add("not-utf-8-cut-short.md", "One\ntwo\nthree €".encode()[:-1], 3, "not UTF-8: byte 0xe2")

    add_fields("yaml-colon.md", "id: 1\nquestion: Which of them: this?", 4, "mapping values are not allowed")
    add_fields("yaml-quote.md", 'subject: "Computer Science', 3, "while scanning a quoted scalar")
    add_fields("yaml-tab.md", "seo:\n\tpage_keywords: tabs", 4, "cannot start any token")
    add_fields("yaml-indent.md", "seo:\n    a: 1\n  b: 2", 5, "did not find expected key")
    add_fields("yaml-escape.md", 'subject: "C:\\programs"', 3, "found unknown escape character")
    add_fields("yaml-tag.md", "id: 1\nscore: !!float ''", 4, "score: the tag !!float does not fit", Severity.ERROR)
    add_fields("yaml-tag-unknown.md", "subject: !!python/name:os.system", 3, "or is not known", Severity.ERROR)
    add_fields("yaml-alias.md", "subject: *nowhere", 3, "found undefined alias")
    add_fields("yaml-nul.md", "id: 1\nsubject: a\0b", 4, "control characters are not allowed")
    add_fields("yaml-bell.md", "subject: a\x07b", 3, "control characters are not allowed")
    add("not-closed.md", "---\ntitle: Not closed\n\ntext\n", 1, 'is not closed by another "---"', Severity.WARNING)

    bomb = "once its aliases are written out"
    aliases = "\n".join(f"a{level}: &a{level} [{f'*a{level - 1}, ' * 9}x]" for level in range(1, 10))
    add_fields("bomb-of-lists.md", f"a0: &a0 x\n{aliases}", 2, bomb, Severity.ERROR)
    merges = "\n".join(f"m{level}: &m{level} {{<<: [{f'*m{level - 1}, ' * 9}]}}" for level in range(1, 10))
    add_fields(
        "bomb-of-merges.md", f"m0: &m0 {{key: x}}\n{merges}", 2, "once its aliases are written out", Severity.ERROR
    )
    add_fields(
        "bomb-inside-itself.md", "seo: &seo\n  again: *seo", 2, "once its aliases are written out", Severity.ERROR
    )
    add_fields("deep-brackets.md", f"id: 1\nseo: {'[' * 10_000}{']' * 10_000}", 4, "nested more than", Severity.ERROR)
    deep_lists = "\n".join(" " * level + "-" for level in range(1, 1_000))
    add_fields("deep-lists.md", f"seo:\n{deep_lists}", 103, "nested more than", Severity.ERROR)

    add_fields("type-url.md", "url: [/learn/a, /learn/b]", 3, "url: expected text, found a list")
    titled = "---\nid: 1\ntitle:\n  en: Title\n---\ntext\n"
    add("type-title.md", titled, 3, "title: expected text, found a mapping", Severity.WARNING)
    add_fields("type-question.md", "question: [Why?]", 3, "question: expected text, found a list")
    add_fields("type-answer.md", "id: 1\nanswer:\n  short: Yes.", 4, "answer: expected text, found a mapping")
    add_fields("type-author.md", "author: {first: Ada}", 3, "author: expected text or a list of texts, found a mapping")
    add_fields("type-subject.md", "id: 1\nsubject: [Art]", 4, "subject: expected text, found a list")
    add_fields("type-keywords.md", "seo:\n  page_keywords: {a: 1}", 4, "seo.page_keywords: expected text or a list")
    add_fields("type-language.md", "language: python", 3, 'expected a language like "en" or "English"')
    add_fields("type-no-index.md", "no_index: maybe", 3, 'no_index: expected true or false, found "maybe"')
    add_fields("type-link.md", "related_article1:\n  subject: Art", 3, "a link needs a url, or an id and a title")
    add_fields("bad-date.md", "date: 2025-02-30", 3, 'date: "2025-02-30" is no day of the calendar')

    add("empty-file.md", "", 1, "the article has no text")
    add("empty-answer.md", "---\ntitle: Empty\nanswer: '  '\n---\n\n&nbsp;\n", 3, "the article has no text")
    add("empty-marks.md", "# \n\n---\n\n***\n", 1, "the article has no text")

    taken = "is already used by good/data-drift.md"
    add_fields("same-url.md", "url: /learn/data-drift", 3, taken, Severity.ERROR)
    taken = "is already used by good/batch-scoring.md"
    add_fields("same-url-no-slash.md", "url: learn/batch-scoring", 3, taken, Severity.ERROR)

    with (wrong / "too-large.md").open("wb") as file:
        file.truncate(50_000_000)
    expected["wrong/too-large.md"] = (Severity.ERROR, 1, "50.0 MB is over the limit of 5 MB")
    (wrong / "link-out.md").symlink_to(__file__)
    expected["wrong/link-out.md"] = (Severity.ERROR, 1, "a link that leads out of the articles folder")
    (wrong / "link-out").symlink_to(Path(__file__).parent)
    expected["wrong/link-out"] = (Severity.ERROR, 1, "a link that leads out of the articles folder")
    (wrong / "link-nowhere.md").symlink_to("no-such-file.md")
    expected["wrong/link-nowhere.md"] = (Severity.ERROR, 1, "a link that leads nowhere")
    (wrong / "two\nlines.md").write_text("text", encoding="utf-8")
    expected[r"wrong/two\nlines.md"] = (Severity.ERROR, 1, "the file name is not valid text")
    return expected
