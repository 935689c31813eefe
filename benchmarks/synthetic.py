"""Write a corpus of any size that costs kg what a real one costs: sentences of real articles, and terms that grow on.

Usage: python benchmarks/synthetic.py OUT --articles 100000 --from FOLDER [--seed 1]

An article has the lines of one of FOLDER's, with half of its sentences exchanged for those of two more of its subject.
In these, terms are exchanged for made-up ones, so many that the distinct terms grow with the corpus as they do in
FOLDER (Heaps' law, fitted from 500 articles on and continued), and so does the number of distinct words. Subjects
branch as the square root of the size, so that none grows without bound. Related links lead to earlier articles of the
same subject; as many as in FOLDER, up to a quarter, lead nowhere. The same FOLDER and seed give the same bytes. OUT
must not exist; nothing of it belongs into the repository. 100,000 articles need 2 minutes of a core and 0.6 GB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import random
import re
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus_parts import Donor, Line, Pool, Run, Sentence, fit, read_pool, sentence, terms_of
from made_up import Inventor, Words, capitalised, made_up_word

OTHERS = 2
"""Articles whose sentences come into another one's place."""

OWN = 0.5
"""The share of sentences that stay, so that an article goes on to repeat its terms as real ones do."""

MOST_MISSING = 0.25
RECENT = 2000
"""Earlier articles of a subject that a new one may link to."""

KEYWORDS = 12
FIRST_DAY = dt.date(2015, 1, 1)
_UNWRITABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Written:
    """An article that can be linked to."""

    id: int
    title: str
    subject: str
    url: str


class Corpus:
    """Writes articles, one after the other.

    Args:
        pool: what they are made of.
        seed: of everything random.
    """

    def __init__(self, pool: Pool, seed: int) -> None:
        self.terms: set[int] = set()
        """Hashes of the distinct terms in what was written."""
        self._pool = pool
        self._choice = random.Random(seed)
        self._inventor = Inventor(pool, self._choice)
        self._subjects = sorted(pool.donors)
        self._sizes = [len(pool.donors[subject]) for subject in self._subjects]
        self._terms_law = fit([(articles, terms) for articles, terms, _ in pool.growth])
        self._words_law = fit([(articles, words) for articles, _, words in pool.growth])
        self._words: set[str] = set()
        self._recent: dict[str, deque[Written]] = defaultdict(lambda: deque(maxlen=RECENT))
        self._gained = 3.0
        """Distinct terms that one made-up term brings, in the mean of late."""

    def articles(self, count: int) -> Iterator[tuple[str, str]]:
        """Paths and texts of so many articles."""
        for number in range(1, count + 1):
            yield self._article(number)

    def _article(self, number: int) -> tuple[str, str]:
        subject = self._choice.choices(self._subjects, self._sizes)[0]
        branch = self._choice.randrange(max(1, math.isqrt(number // sum(self._sizes))))
        within = f"{subject} and {made_up_word(branch).capitalize()}" if branch else subject
        donors = [self._choice.choice(self._pool.donors[subject]) for _ in range(1 + OTHERS)]
        said: set[str] = set()
        lines = [(start, self._mixed(start, sentences, donors, said)) for start, sentences in donors[0].lines]
        lines.insert(0, ("", [sentence(donors[0].source.title)]))
        exchanged = self._exchanged(lines, number, subject, within)
        texts = [start + " ".join(_with(one, exchanged) for one in sentences) for start, sentences in lines]
        title = _clean(texts[0]) or f"Article {number}"
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80].rstrip("-")
        folder = re.sub(r"[^a-z0-9]+", "-", within.lower()).strip("-") or "subject"
        article = Written(number, title, within, f"/learn/{folder}/questions/{slug}-{number}")
        text = _clean("\n".join(texts[1:])).strip() or title
        keywords = self._keywords(lines, exchanged, donors[0])
        links = self._links(article, donors)
        self._recent[within].append(article)
        return f"{folder}/{slug}-{number}.md", self._file(article, text, keywords, links)

    def _mixed(self, start: str, sentences: list[Sentence], donors: list[Donor], said: set[str]) -> list[Sentence]:
        """As many sentences of the donors that were not yet `said`, with those in bold type in the same places."""
        if start.startswith("#"):
            return sentences
        mixed = []
        for one in sentences:
            if self._choice.random() < OWN:
                mixed.append(one)
                continue
            donor = self._choice.choice(donors[1:])
            others = donor.bold if one.text.startswith("**") else donor.plain
            other = self._choice.choice(others) if one.runs and others else one
            mixed.append(one if other.text in said else other)
            said.add(mixed[-1].text)
        return mixed

    def _exchanged(self, lines: list[Line], number: int, subject: str, within: str) -> dict[Words, Words]:
        """Which runs of words of an article give way to which, so that distinct terms and words keep growing."""
        runs = [run for _, sentences in lines for one in sentences for run in one.runs]
        order = list(dict.fromkeys(words for _, _, words, _ in runs if len(words) > 1))
        self._choice.shuffle(order)
        unchanged = self._new(runs, {})
        self._words.update(*(words for _, _, words, _ in runs))
        owed = _law(self._terms_law, number) - len(self.terms) - len(unchanged)
        new = min(len(order), max(0, round(owed / self._gained)))
        words_owed = _law(self._words_law, number) - len(self._words) - self._inventor.words
        exchanged: dict[Words, Words] = {}
        for place, run in enumerate(order[:new]):
            exchanged[run] = self._inventor.make(run, subject, within, of_new_word=place < words_owed)
        for run in order[new : 2 * new]:
            if term := self._inventor.again(within):
                exchanged[run] = term
        changed = self._new(runs, exchanged)
        if new:
            gained = (len(changed) - len(unchanged)) / new
            self._gained = max(0.5, 0.99 * self._gained + 0.01 * gained)
        self.terms |= changed
        return exchanged

    def _new(self, runs: list[Run], exchanged: dict[Words, Words]) -> set[int]:
        """The hashes of an article's terms that no article had before."""
        put = [(start, end, exchanged.get(run, run), joins) for start, end, run, joins in runs]
        return set(map(hash, terms_of(put))) - self.terms

    def _keywords(self, lines: list[Line], exchanged: dict[Words, Words], like: Donor) -> list[str]:
        """Terms of the text, as many as the author of the template gave keywords, of which half are kept."""
        seo = like.source.fields.get("seo")
        given = seo.get("page_keywords") if isinstance(seo, dict) else like.source.fields.get("keywords")
        kept = [_clean(part).strip() for part in given.split(",")] if isinstance(given, str) else []
        wanted = len(kept) or KEYWORDS
        runs = (words for _, sentences in lines for one in sentences for _, _, words, _ in one.runs)
        terms = [exchanged.get(run, run) for run in dict.fromkeys(runs)]
        chosen = self._choice.sample(terms, min(len(terms), wanted - wanted // 2))
        return [*(" ".join(term) for term in chosen), *kept[: wanted // 2]]

    def _links(self, article: Written, donors: list[Donor]) -> list[Written]:
        links: dict[str, Written] = {}
        earlier = self._recent[article.subject]
        whole, part = divmod(self._pool.links, 1)
        for number in range(int(whole) + (self._choice.random() < part)):
            if self._choice.random() < min(MOST_MISSING, self._pool.missing):
                title = _clean(self._choice.choice(donors).source.title)
                url = f"/learn/missing/questions/{article.id}-{number}"
                links[url] = Written(10**9 + 10 * article.id + number, title, article.subject, url)
            elif earlier:
                other = self._choice.choice(earlier)
                links[other.url] = other
        return list(links.values())

    def _file(self, article: Written, text: str, keywords: list[str], links: list[Written]) -> str:
        folded = text.replace("\n", "\\n")
        lines = [
            "---",
            f"id: {article.id}",
            f"date: {FIRST_DAY + dt.timedelta(days=article.id % 3650)}",
            f"title: {_quoted(article.title)}",
            "seo:",
            f"  page_description: {_quoted(folded[:200])}",
            f"  page_keywords: {_quoted(', '.join(filter(None, keywords)))}",
            "author: Synthesis",
            f"subject: {_quoted(article.subject)}",
            f"url: {article.url}",
        ]
        if self._pool.has_answers:
            lines += ["question: >-", f"    {article.title}", "answer: >-", f"    {folded}"]
        for number, link in enumerate(links, start=1):
            lines += [f"related_article{number}:", f"    id: {link.id}", f"    title: {_quoted(link.title)}"]
            lines += [f"    subject: {_quoted(link.subject)}", f"    url: {link.url}"]
        return "\n".join([*lines, "---", "", "" if self._pool.has_answers else f"{text}\n"])


def _with(one: Sentence, exchanged: dict[Words, Words]) -> str:
    """The text of a sentence with the terms that give way exchanged."""
    pieces: list[str] = []
    position = 0
    for start, end, words, _ in one.runs:
        if words in exchanged:
            pieces += [one.text[position:start], capitalised(exchanged[words], one.text[start:end])]
            position = end
    return "".join([*pieces, one.text[position:]])


def _law(law: tuple[float, float], number: int) -> float:
    factor, exponent = law
    return factor * number**exponent


def _clean(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)


def _quoted(text: str) -> str:
    """As a scalar of YAML, which is a superset of JSON."""
    return json.dumps(text, ensure_ascii=False)


def write(folder: Path, out: Path, count: int, seed: int) -> Corpus:
    """Write `count` articles made from those of `folder` below `out`."""
    corpus = Corpus(read_pool(folder), seed)
    for path, text in corpus.articles(count):
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return corpus


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("out", type=Path)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--from", dest="folder", type=Path, required=True, metavar="FOLDER")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    if given.out.exists():
        print(f"{given.out} exists already", file=sys.stderr)
        return 2
    start = time.perf_counter()
    corpus = write(given.folder, given.out, given.articles, given.seed)
    seconds = time.perf_counter() - start
    print(f"{given.articles:,} articles with {len(corpus.terms):,} distinct terms in {given.out} in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
