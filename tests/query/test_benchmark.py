"""benchmarks/queries.py puts every named query, and what it asks has an answer."""

from pathlib import Path

import queries

from kg.query.named import list_queries, load_query


def test_every_query_is_timed_with_parameters_that_it_has(built: Path) -> None:
    asked = list(queries.questions(built))
    assert {name for name, _ in asked} == {query.name for query in list_queries()}
    for name, values in asked:
        parameters = {parameter.name: parameter for parameter in load_query(name).parameters}
        assert values.keys() <= parameters.keys()
        assert {key for key, parameter in parameters.items() if parameter.default is None} <= values.keys()


def test_rows_are_counted_and_seconds_add_up(built: Path) -> None:
    ((first, last, first_used, last_used), count), _ = queries.ask(built, "top-concepts", {"limit": "7"}, 2)
    assert count == 7
    assert 0 < first <= last
    assert 0 <= first_used <= last_used
