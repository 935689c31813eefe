"""What is no spaCy pipeline is a sentence for the user, whatever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.annotate.nlp.package import _TESTED, _meta, check_files, pipeline_identity, pipeline_package, pipeline_version
from kg.annotate.nlp.pipeline import load_tagger
from kg.base.errors import UsageError
from kg.base.fingerprint import files_digest

META = '{"lang": "en", "name": "own", "version": "1.2"}'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    _meta.cache_clear()
    load_tagger.cache_clear()
    return tmp_path


def package(place: Path, name: str, code: str = "", meta: str | bytes = META) -> str:
    (place / name).mkdir()
    (place / name / "__init__.py").write_text(code)
    (place / name / "meta.json").write_bytes(meta if isinstance(meta, bytes) else meta.encode())
    return name


@pytest.mark.parametrize("name", ["nope", "nope.inner", "os.path.x", ".", "..", ".en", "../pl", "a b"])
def test_a_name_that_cannot_be_imported(name: str) -> None:
    with pytest.raises(UsageError, match="is not installed: no package of that name can be imported"):
        pipeline_package(name)


@pytest.mark.parametrize("name", ["os", "json", "numpy", "kg", "kg.read"])
def test_a_package_that_is_no_pipeline(name: str) -> None:
    with pytest.raises(UsageError, match=f'"{name}" is no spaCy pipeline'):
        pipeline_identity(name)


@pytest.mark.parametrize(
    "meta", ["{", "[]", "", "{}", '{"lang": "en", "name": 5, "version": "1"}', '{"lang": "en", "name": null}', b"\xff"]
)
def test_a_broken_meta(place: Path, meta: str | bytes) -> None:
    name = package(place, "en_broken_meta", meta=meta)
    with pytest.raises(UsageError, match=f'"{name}" is no spaCy pipeline'):
        pipeline_identity(name)


def test_a_folder_on_the_path_is_a_pipeline_too(place: Path) -> None:
    name = package(place, "en_on_the_path")
    assert pipeline_version(name) == "en_on_the_path 1.2"
    assert pipeline_identity(name) == "en_own 1.2"


BLANK = "def load(**_):\n    import spacy\n    return spacy.blank('en')"
FAILING = """
import spacy

@spacy.Language.component("fails")
def fails(doc):
    raise KeyError("tag")

def load(**_):
    made = spacy.blank("en")
    made.add_pipe("fails")
    return made
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "AttributeError: module .* has no attribute 'load'"),
        ("def load(**_): return None", r"load\(\) returned no pipeline"),
        ("def load(**_): raise OSError('no config')", r"cannot be used \(OSError: no config\)"),
        ("1 / 0", "ZeroDivisionError"),
        ("def load(", "SyntaxError"),
        ("import no_such_module", "ModuleNotFoundError"),
        (BLANK, "gives no vectors: it needs a tok2vec component"),
        (FAILING, "KeyError: 'tag'"),
    ],
    ids="empty nothing unreadable failing wrong lacking blank raising".split(),
)
def test_a_pipeline_that_cannot_be_used(place: Path, code: str, said: str, request: pytest.FixtureRequest) -> None:
    name = package(place, f"en_{request.node.callspec.id}", code)
    with pytest.raises(UsageError, match=said):
        load_tagger(name)


def test_the_installed_package_has_the_files_with_which_kg_was_tested() -> None:
    if pipeline_package(None) == "en_core_web_sm":
        pytest.skip("the official package is installed")
    assert pipeline_version(None) in _TESTED
    check_files(pipeline_package(None))


def test_a_known_package_with_other_files_is_not_imported(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = package(place, "en_altered", "raise SystemExit")
    check_files(name)  # a package that kg does not know is the user's own
    monkeypatch.setitem(_TESTED, "en_altered 1.2", files_digest(name))
    check_files(name)
    (place / name / "meta.json").write_text(META + " ")
    files_digest.cache_clear()
    with pytest.raises(UsageError, match=r"the files of the spaCy pipeline en_altered 1\.2 are not those of its"):
        load_tagger(name)
