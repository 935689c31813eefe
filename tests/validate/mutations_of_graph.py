"""Damage to what the graph says, the same in all files and in the store."""

from tests.validate.damage import Damaged, iri
from tests.validate.mutations import breaks, consistently, label, lonely

# What is described


@consistently("blank-node", "store")  # a store has names of its own for blank nodes
def a_note_is_a_blank_node(build: Damaged) -> None:
    build.add(label(build)[0], "skos:note", "_:b0")


@consistently("outside-base")
def something_lies_elsewhere(build: Damaged) -> None:
    for line in [x for x in build.core if x.startswith(f"{build.of_class('kg:MissingArticle')[0]} ")]:
        build.core.append(line.replace(build.base, "https://elsewhere.example/"))


@consistently("dangling")
def a_related_article_is_not_described(build: Damaged) -> None:
    build.add(build.of_class("schema:Article")[0], "dcterms:relation", build.node("learn/nowhere"))


@consistently("dangling")
def a_community_has_a_member_that_is_not_described(build: Damaged) -> None:
    build.add(build.of_class("skos:Collection")[0], "skos:member", build.node("concept/nothing"))


@consistently("dangling")
def something_has_no_class(build: Damaged) -> None:
    build.add(build.node("concept/nothing"), "dcterms:identifier", '"nothing"')


@consistently("unknown-class", shapes=True)
def something_is_of_a_class_of_nobody(build: Damaged) -> None:
    build.add(build.node("thing"), "rdf:type", iri("kg:Thing"))


@consistently("literal-form", "store", "tables")  # a store keeps the number, not how it is written
def a_decimal_has_a_trailing_zero(build: Damaged) -> None:
    subject, _, value = build.first("kg:salience")
    build.set(subject, "kg:salience", f'"{value.split(chr(34))[1]}0"^^{iri("xsd:decimal")}')


@consistently("literal-form", "store")
def a_count_has_a_leading_zero(build: Damaged) -> None:
    subject, _, value = build.first("kg:npmi")
    build.set(subject, "kg:npmi", value.replace('"', '"0', 1))


@consistently("canonical-file")
def a_language_is_in_capitals(build: Damaged) -> None:
    subject, _ = label(build)
    build.add(subject, "skos:altLabel", '"quite another label"@EN')


# SKOS


@consistently("skos-s9")
def a_concept_is_a_scheme(build: Damaged) -> None:
    build.add(label(build)[0], "rdf:type", iri("skos:ConceptScheme"))


@consistently("skos-s37")
def a_collection_is_a_scheme(build: Damaged) -> None:
    build.add(build.of_class("skos:Collection")[0], "rdf:type", iri("skos:ConceptScheme"))


@consistently("skos-s13")
def a_label_is_preferred_and_alternative(build: Damaged) -> None:
    subject, value = label(build)
    build.add(subject, "skos:altLabel", value)


@consistently("skos-s13")
def a_label_is_alternative_and_hidden(build: Damaged) -> None:
    subject, _, value = build.first("skos:altLabel")
    build.add(subject, "skos:hiddenLabel", value)


@consistently("skos-s14")
def a_concept_has_two_preferred_labels(build: Damaged) -> None:
    build.add(label(build)[0], "skos:prefLabel", '"another label"@en')


@consistently("same-label")
def two_concepts_have_one_label(build: Damaged) -> None:
    value = label(build)[1]
    build.set(label(build, 1)[0], "skos:prefLabel", value)


@consistently("label-language")
def a_label_is_in_no_language_of_its_articles(build: Damaged) -> None:
    subject, value = label(build)
    build.set(subject, "skos:prefLabel", value.replace("@en", "@fi"))


@consistently("label-language")
def a_label_has_no_language(build: Damaged) -> None:
    subject, value = label(build)
    build.set(subject, "skos:prefLabel", value.replace("@en", ""))


@consistently("function-word")
def a_concept_is_a_function_word(build: Damaged) -> None:
    build.set(label(build)[0], "skos:prefLabel", '"or"@en')


@consistently("dot-segment")
def an_iri_has_a_dot_segment(build: Damaged) -> None:
    community = build.of_class("skos:Collection")[0]
    build.replace(community, community.replace("/community/", "/x/../community/"))


@consistently("skos-s27")
def a_concept_is_related_to_one_above_it(build: Damaged) -> None:
    subject, _, value = build.first("skos:broader")
    build.add(subject, "skos:related", value)
    build.add(value, "skos:related", subject)


@consistently("skos-s27")
def a_concept_is_related_to_one_far_above_it(build: Damaged) -> None:
    low, middle, high = lonely(build)[:3]
    for below, above in ((low, middle), (middle, high)):
        build.add(below, "skos:broader", above)
        build.add(above, "skos:narrower", below)
    build.add(high, "skos:topConceptOf", build.node("concepts"))
    build.add(build.node("concepts"), "skos:hasTopConcept", high)
    build.add(low, "skos:related", high)
    build.add(high, "skos:related", low)


@consistently("skos-s46")
def a_match_is_exact_and_related(build: Damaged) -> None:
    for predicate in ("skos:exactMatch", "skos:relatedMatch"):
        build.add(label(build)[0], predicate, "<https://vocabulary.example/drift>")


@consistently("exact-match-once")
def two_concepts_are_the_same_entry(build: Damaged) -> None:
    for number in (0, 1):
        build.add(label(build, number)[0], "skos:exactMatch", "<https://vocabulary.example/drift>")


@consistently("hierarchy-cycle")
def a_hierarchy_has_a_cycle_of_three(build: Damaged) -> None:
    one, two, three = lonely(build)[:3]
    for below, above in ((one, two), (two, three), (three, one)):
        build.add(below, "skos:broader", above)
        build.add(above, "skos:narrower", below)


@consistently("inverse")
def a_narrower_is_not_said(build: Damaged) -> None:
    one_of_many = next(
        line
        for line in build.core
        if iri("skos:narrower") in line
        and sum(line.split(" ")[0] in x and iri("skos:narrower") in x for x in build.core) > 1
    )
    build.core.remove(one_of_many)


@consistently("inverse")
def a_relation_goes_one_way(build: Damaged) -> None:
    one, two = lonely(build)[:2]
    build.add(one, "skos:related", two)


@consistently("in-scheme")
def a_concept_is_in_no_scheme(build: Damaged) -> None:
    build.drop(f"{lonely(build)[0]} {iri('skos:inScheme')}")


@consistently("in-scheme", "article-count")
def an_article_has_a_concept_as_its_subject(build: Damaged) -> None:
    article, _, _ = build.first("dcterms:subject")
    mentioned = {x.split(" ")[2] for x in build.core if x.startswith(f"{article} {iri('schema:mentions')} ")}
    other = next(node for node in lonely(build) if node not in mentioned)
    build.set(article, "dcterms:subject", other)


@consistently("top-concept")
def a_root_is_no_top_concept(build: Damaged) -> None:
    subject, _, scheme = build.first("skos:topConceptOf")
    build.drop(f"{subject} {iri('skos:topConceptOf')}")
    build.drop(f"{scheme} {iri('skos:hasTopConcept')} {subject}")


@consistently("top-concept")
def a_top_concept_is_in_another_scheme(build: Damaged) -> None:
    subject = build.first("skos:topConceptOf", subject=build.node("concept/")[:-1])[0]
    build.add(subject, "skos:topConceptOf", build.node("subjects"))
    build.add(build.node("subjects"), "skos:hasTopConcept", subject)


@consistently("orphan-label")
def an_annotation_has_a_label(build: Damaged) -> None:
    build.add(build.of_class("oa:Annotation")[0], "skos:prefLabel", '"a label"@en')


@consistently("orphan-label", "dangling")
def a_label_is_of_a_concept_that_is_not_described(build: Damaged) -> None:
    build.add(build.node("concept/nothing"), "skos:prefLabel", '"nothing"@en')


# Annotations and counts


@consistently("about")
def an_article_is_about_what_it_does_not_mention(build: Damaged) -> None:
    article = build.of_class("schema:Article")[0]
    mentioned = {x[:-2].split(" ")[2] for x in build.core if x.startswith(f"{article} {iri('schema:mentions')} ")}
    other = next(node for node in lonely(build) if node not in mentioned)
    build.add(article, "schema:about", other)


@consistently("annotations", "tables", "evidence-annotation")
def an_annotation_is_missing(build: Damaged) -> None:
    build.drop(f"{build.first('oa:hasTarget', lines='evidence')[0]} ")


@consistently("top-concept")
def a_subject_is_no_top_concept(build: Damaged) -> None:
    subject, scheme = build.node("subject/monitoring"), build.node("subjects")
    build.drop(f"{subject} {iri('skos:topConceptOf')} ")
    build.drop(f"{scheme} {iri('skos:hasTopConcept')} {subject} ")


@consistently("shape:Concept-hiddenLabel", "skos-s13", shapes=True)
def a_hidden_label_is_an_alternative_one(build: Damaged) -> None:
    subject, _, value = build.first("skos:altLabel")
    build.add(subject, "skos:hiddenLabel", value)


@consistently("annotations", "tables")
def a_pair_is_annotated_twice(build: Damaged) -> None:
    node = build.of_class("oa:Annotation")[0]
    again = f"{node[:-1]}-again>"
    build.core += [x.replace(node, again, 1) for x in build.core if x.startswith(f"{node} ")]


@consistently("annotations", "article-count")
def a_mention_is_missing(build: Damaged) -> None:
    subject, predicate, value = next(
        x[:-2].split(" ")
        for x in build.core
        if f" {iri('schema:mentions')} " in x
        and x.split(" ")[2] in lonely(build)
        and x.replace(iri("schema:mentions"), iri("schema:about")) not in build.core
    )
    build.drop(f"{subject} {predicate} {value} ")


@consistently("article-count")
def a_concept_is_counted_wrongly(build: Damaged) -> None:
    build.set(label(build)[0], "kg:articleCount", f'"999"^^{iri("xsd:integer")}')


@consistently("article-count")
def a_concept_is_not_counted(build: Damaged) -> None:
    build.drop(f"{label(build)[0]} {iri('kg:articleCount')} ")


@consistently("article-count")
def a_subject_is_counted_wrongly(build: Damaged) -> None:
    build.add(build.node("subject/monitoring"), "kg:articleCount", f'"999"^^{iri("xsd:integer")}')


@consistently("article-count")
def an_association_is_counted_wrongly(build: Damaged) -> None:
    build.set(build.of_class("kg:Association")[0], "kg:articleCount", f'"999"^^{iri("xsd:integer")}')


@consistently("article-count")
def a_concept_has_a_wrong_count_of_articles_in_a_subject(build: Damaged) -> None:
    build.set(build.of_class("kg:SubjectCount")[0], "kg:articleCount", f'"999"^^{iri("xsd:integer")}')


@consistently("article-count")
def a_concept_has_no_count_of_articles_in_a_subject(build: Damaged) -> None:
    build.drop(f"{build.of_class('kg:SubjectCount')[0]} ")


@consistently("shape:SubjectCount-inSubject", "article-count", shapes=True)
def a_subject_count_has_no_subject(build: Damaged) -> None:
    build.drop(f"{build.of_class('kg:SubjectCount')[0]} {iri('kg:inSubject')} ")


@consistently("shape:Article-author", shapes=True)
def an_author_is_a_name(build: Damaged) -> None:
    build.set(build.of_class("schema:Article")[0], "schema:author", '"Ada"')


@consistently("shape:Article-wordCount", shapes=True)
def an_article_has_no_number_of_words(build: Damaged) -> None:
    build.drop(f"{build.of_class('schema:Article')[0]} {iri('schema:wordCount')} ")


@consistently("frequency")
def a_found_concept_is_tagged(build: Damaged) -> None:
    subject = build.first("oa:hasTarget", lines="evidence")[0]
    build.set(subject, "oa:motivatedBy", iri("oa:tagging"))


@consistently("tables")
def a_frequency_differs_from_the_table(build: Damaged) -> None:
    subject = build.first("oa:hasTarget", lines="evidence")[0]
    build.set(subject, "kg:frequency", f'"77"^^{iri("xsd:integer")}')


@consistently("tables", shapes=True)
def a_part_has_another_text(build: Damaged) -> None:
    part = build.of_class("schema:Answer")[0]
    build.set(part, "schema:text", '"Quite another text."@en')


@breaks("occurrences", "evidence-place")
def an_occurrence_lies_behind_the_text(build: Damaged) -> None:
    def shift(rows: list[dict[str, object]]) -> None:
        for row in rows:
            for found in row["occurrences"]:  # type: ignore[attr-defined]
                if row is rows[0]:
                    found["end"] = 10**6

    build.table("mentions", shift)


# Evidence


@consistently("evidence-quote")
def an_offset_is_shifted(build: Damaged) -> None:
    subject, _, value = build.first("oa:start", lines="evidence")
    start = int(value.split('"')[1])
    build.set(subject, "oa:start", value.replace(f'"{start}"', f'"{start + 1}"'), "evidence")


@consistently("evidence-quote")
def an_offset_lies_behind_the_text(build: Damaged) -> None:
    subject = build.first("oa:end", lines="evidence")[0]
    build.set(subject, "oa:end", f'"1000000"^^{iri("xsd:nonNegativeInteger")}', "evidence")


@consistently("evidence-quote")
def a_quote_is_another_one(build: Damaged) -> None:
    build.set(build.first("oa:exact", lines="evidence")[0], "oa:exact", '"something else"', "evidence")


@consistently("evidence-context")
def a_prefix_is_another_one(build: Damaged) -> None:
    build.set(build.first("oa:prefix", lines="evidence")[0], "oa:prefix", '"something else "', "evidence")


@consistently("evidence-context")
def a_suffix_is_cut(build: Damaged) -> None:
    build.set(build.first("oa:suffix", lines="evidence")[0], "oa:suffix", '""', "evidence")


@consistently("evidence-place")
def evidence_is_of_another_article(build: Damaged) -> None:
    subject, _, value = build.first("oa:hasScope", lines="evidence")
    other = next(node for node in build.of_class("schema:Article") if node != value)
    build.set(subject, "oa:hasScope", other, "evidence")


@consistently("evidence-place")
def evidence_stands_in_a_part_that_is_not_there(build: Damaged) -> None:
    subject, _, value = build.first("oa:hasSource", lines="evidence")
    build.set(subject, "oa:hasSource", value.replace("#", "#un"), "evidence")


@consistently("evidence-complete", "evidence-count")
def evidence_has_one_selector(build: Damaged) -> None:
    build.drop(f"{build.of_class('oa:TextQuoteSelector', 'evidence')[0]} ", lines="evidence")


@consistently("evidence-complete", "evidence-count")
def evidence_belongs_to_no_annotation(build: Damaged) -> None:
    target = build.of_class("oa:SpecificResource", "evidence")[0]
    build.drop("", f" {target} .", lines="evidence")


@consistently("evidence-complete")
def a_selector_belongs_to_nothing(build: Damaged) -> None:
    build.add(build.node("stray-position"), "oa:start", f'"1"^^{iri("xsd:nonNegativeInteger")}', "evidence")


@consistently("evidence-count")
def an_annotation_has_no_evidence(build: Damaged) -> None:
    target = build.of_class("oa:SpecificResource", "evidence")[0]
    build.drop(target[:-1], lines="evidence")
    build.drop("", f" {target} .", lines="evidence")


# Shapes, of which each one is tested beside


@consistently("shape:Annotation-salience", "tables", shapes=True)
def a_salience_is_one_and_a_half(build: Damaged) -> None:
    node = min(build.of_class("oa:Annotation"))
    for node in build.of_class("oa:Annotation")[:400]:
        build.set(node, "kg:salience", f'"1.5"^^{iri("xsd:decimal")}')


@consistently("shape:Article", shapes=True)
def an_article_has_a_property_of_nobody(build: Damaged) -> None:
    build.add(build.of_class("schema:Article")[0], "kg:colour", '"red"')


@consistently("shape:Article-title", "shape:Article-headline", shapes=True)
def an_article_has_two_titles(build: Damaged) -> None:
    build.add(build.of_class("schema:Article")[0], "dcterms:title", '"Another title"@en')


@consistently("shape:Concept-articleCount", "article-count", shapes=True)
def a_count_is_a_string(build: Damaged) -> None:
    build.set(label(build)[0], "kg:articleCount", '"many"')
