"""A build that is as it should be passes, and each kind of damage is found under the rule that was broken, alone."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.pipeline.build import build
from kg.validate.outcome import Validation
from kg.validate.rules import RULES
from kg.validate.run import _Run, validate
from tests.validate import mutations_of_files, mutations_of_graph
from tests.validate.damage import Damaged
from tests.validate.mutations import MUTATIONS

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"
REGISTERING = (mutations_of_files, mutations_of_graph)
"""The modules that add their kinds of damage to MUTATIONS when they are imported."""
KNOWN = {"shape:ConceptScheme-licensed"}  # the examples have no licence


def found(validation: Validation) -> set[str]:
    return {broken.rule for broken in validation.findings} - KNOWN


@pytest.fixture(scope="module")
def without_shapes() -> Callable[[Path], Validation]:
    """Validates everything but the shapes, which take longer than all else on a small graph."""

    def run(out: Path) -> Validation:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_Run, "_nodes", lambda self: None)
            return validate(out)

    return run


@pytest.mark.parametrize("everything", [False, True])
def test_a_build_as_it_should_be_passes(built: Path, everything: bool) -> None:
    validation = validate(built, everything=everything)
    assert found(validation) == set()
    assert not validation.left_out
    assert validation.checked["pieces of evidence"] > 400
    assert validation.checked["nodes checked against the shapes"] > (2000 if everything else 700)


def test_a_copy_that_was_written_again_passes(built: Path, tmp_path: Path) -> None:
    copy = Damaged(built, tmp_path / "copy")
    copy.write()
    assert found(validate(copy.out)) == set()


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of some of the examples, since most of the time of a validation is that of reading the build."""
    root = tmp_path_factory.mktemp("few")
    for folder in ("data-engineering", "monitoring", "training"):
        shutil.copytree(ARTICLES / folder, root / "articles" / folder)
    build(root / "articles", root / "out")
    return root / "out"


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.slow
def test_damage_is_found(few: Path, tmp_path: Path, name: str, without_shapes: Callable[[Path], Validation]) -> None:
    mutation = MUTATIONS[name]
    copy = Damaged(few, tmp_path / "copy")
    mutation.damage(copy)
    validation = validate(copy.out) if mutation.shapes else without_shapes(copy.out)
    assert found(validation) == mutation.rules
    for broken in validation.findings:
        assert broken.count >= len(broken.examples) > 0
        assert broken.remedy
        assert all(example.message and example.file for example in broken.examples)


def test_every_kind_of_damage_of_both_modules_is_tried() -> None:
    for module in REGISTERING:
        assert any(mutation.module == module.__name__ for mutation in MUTATIONS.values())
    assert len(MUTATIONS) >= 90


def test_every_rule_is_broken_by_some_damage() -> None:
    assert {rule for mutation in MUTATIONS.values() for rule in mutation.rules} >= RULES.keys()
