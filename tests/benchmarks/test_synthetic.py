"""benchmarks/synthetic.py: the same corpus every time, which kg can read, and which goes on to grow."""

from pathlib import Path

import corpus_parts
import pytest
from made_up import made_up_word
from synthetic import Corpus, main, write

from kg.base.config import Config
from kg.inspect.check import check
from kg.read.article import read_article
from kg.read.files import find_articles

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "examples" / "articles"
ABSTRACTS = ROOT / "benchmarks" / "abstracts"


@pytest.fixture(scope="module")
def pool() -> corpus_parts.Pool:
    return corpus_parts.read_pool(ARTICLES)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("synthetic") / "corpus"
    write(ARTICLES, out, 120, 1)
    return out


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.md")}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(corpus: Path, tmp_path: Path) -> None:
    write(ARTICLES, tmp_path / "again", 120, 1)
    write(ARTICLES, tmp_path / "other", 120, 2)
    assert content(tmp_path / "again") == content(corpus)
    assert content(tmp_path / "other").keys() != content(corpus).keys()


@pytest.mark.parametrize("source", [ARTICLES, ABSTRACTS])
def test_every_article_can_be_read(source: Path, tmp_path: Path) -> None:
    write(source, tmp_path / "out", 60, 1)
    problems = check(tmp_path / "out", jobs=1)
    assert {problem.code for problem in problems} <= {"missing-target"}
    files, _ = find_articles(tmp_path / "out", Config().read)
    articles = [read_article(tmp_path / "out", file, Config())[0] for file in files]
    assert len({article.url for article in articles if article}) == 60
    assert all(article and article.subject and article.keywords and article.date for article in articles)


def test_some_links_lead_to_articles_and_some_nowhere(corpus: Path) -> None:
    files, _ = find_articles(corpus, Config().read)
    articles = [article for file in files if (article := read_article(corpus, file, Config())[0])]
    urls = {article.url for article in articles}
    found = [link.url in urls for article in articles for link in article.links]
    assert 0.6 < sum(found) / len(found) < 1
    assert len(found) > len(articles)


def test_terms_grow_by_the_law_of_the_source(pool: corpus_parts.Pool) -> None:
    factor, exponent = corpus_parts.fit([(articles, terms) for articles, terms, _ in pool.growth])
    corpus = Corpus(pool, 1)
    list(corpus.articles(400))
    assert 0.5 < exponent < 1
    assert len(corpus.terms) == pytest.approx(factor * 400**exponent, rel=0.1)


def test_lengths_are_those_of_the_source(pool: corpus_parts.Pool, corpus: Path) -> None:
    def mean(folder: Path) -> float:
        files, _ = find_articles(folder, Config().read)
        read = [article for file in files if (article := read_article(folder, file, Config())[0])]
        return sum(len(part.text) for article in read for part in article.parts) / len(read)

    assert mean(corpus) == pytest.approx(mean(ARTICLES), rel=0.25)


def test_subjects_become_more_with_the_size(pool: corpus_parts.Pool) -> None:
    folders = [path.partition("/")[0] for path, _ in Corpus(pool, 1).articles(400)]
    assert len(set(folders[:40])) <= len(pool.donors) < len(set(folders)) <= 4 * len(pool.donors)


def test_made_up_words_are_all_different_and_can_be_pronounced() -> None:
    words = [made_up_word(number) for number in range(200_000)]
    assert len(set(words)) == len(words)
    assert all(word.isalpha() and word.islower() and 5 <= len(word) <= 16 for word in words[:1000])


def test_runs_are_nouns_and_their_modifiers() -> None:
    (one,) = [corpus_parts.sentence("The network data model of a large bank and of its tax law.")]
    assert [run[2] for run in one.runs] == [("network", "data", "model"), ("large", "bank"), ("tax", "law")]
    terms = set(corpus_parts.terms_of(one.runs))
    assert {"network data model", "data model", "model of a bank", "tax law"} <= terms
    assert "network data model of a large bank" not in terms


def test_what_holds_code_or_mathematics_is_left_alone() -> None:
    assert corpus_parts.sentence(r"The matrix norm $\|A\|$ is a number.").runs == ()
    assert corpus_parts.sentence("The `data model` function.").runs == ()


def test_a_law_is_found_in_what_follows_it() -> None:
    points = [(n, round(40 * n**0.75)) for n in (250, 500, 1000, 2000, 4000)]
    factor, exponent = corpus_parts.fit(points)
    assert exponent == pytest.approx(0.75, abs=0.001)
    assert factor == pytest.approx(40, rel=0.01)


def test_a_folder_that_exists_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["synthetic.py", str(tmp_path), "--from", str(ARTICLES), "--articles", "1"])
    assert main() == 2
    assert not list(tmp_path.iterdir())
