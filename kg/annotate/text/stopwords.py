"""Short lists of general English words, which are used to recognise terms and definitions.

The lists do not depend on the subject of the articles, and contain no phrases from any corpus.
"""

from __future__ import annotations

from typing import Final

# Adjectives that compare, count or point ("similar", "several", "following"). No term contains them as adjectives.
BREAKING: Final = frozenset(
    """
    able above according additional adequate all another any appropriate available both certain considerable crucial
    desired different difficult each easy either enough entire especially essential etc eventual every evident excellent
    existing few fewer following former further helpful important inadequate increasing interesting involved latter less
    likely many meaningful mere more most much needed next notable noteworthy numerous obvious other own paramount
    particular poor possible powerful previous relevant required respective same seamless several severe similar
    so-called some specific substantial successful such suitable sure tough unable unlikely used useful usual valuable
    various varying vast versatile very vital worse worst worth wrong
    """.split()
)
# Adjectives that do not form a term together with a noun in `GENERIC`, such as "key point" and "main difference".
POINTING: Final = frozenset(
    """
    bad best better big crucial essential good great important innovative key main major new notable overall popular
    quick serious significant simple typical
    """.split()
)
# Words that can be between two noun phrases of one term, as "of" in "law of large numbers". Key: the word. Value: its
# class, i (preposition), t (article) or c ("and").
LINKING: Final = {"of": "i", "in": "i", "for": "i", "on": "i", "by": "i", "under": "i", "to": "i", "with": "i"} | {
    "from": "i", "between": "i", "per": "i", "over": "i", "at": "i", "the": "t", "a": "t", "an": "t", "and": "c"
}  # fmt: skip
# Verb forms that often come before a term but are not part of it: "using data", "applying rules".
LEADING: Final = frozenset(
    """
    achieving adding addressing affecting aiming allowing applying assessing associated assuming avoiding based became
    become becoming been being bringing called causing choosing comes coming comparing conducting considering containing
    contributing covering creating defining demonstrating depending described describing detecting determined
    determining discussed discussing driving emphasizing enabling encompassing encouraging engaging enhancing ensuring
    establishing evaluating examining exploring facilitating finding focusing fostering gaining getting given giving
    going happening having helping highlighting identified identifying impacting implementing improved improving
    including incorporating increased indicating influencing integrating introducing involving keeping knowing leading
    letting leveraging limiting listed looking made maintaining making maximizing meaning mentioned minimizing obtained
    obtaining occurring offering optimizing performed performing playing preventing producing promoting proposed
    provided providing putting reaching receiving recognizing reducing referring reflecting regarding relating relying
    removing representing requiring resulting saving seeking selecting serving setting shown showing starting stating
    streamlining suggesting supporting taking tailored talking telling trying turning understanding using utilized
    utilizing wanting
    """.split()
)
# Nouns that are not terms on their own, although they may be the last word of a longer term ("use case").
GENERIC: Final = frozenset(
    """
    ability absence addition advantage aim amount answer approach area aspect attempt basis beginning benefit bit case
    cause challenge chance characteristic choice circumstance comparison concept conclusion consequence consideration
    context contribution day decade definition degree description detail difference difficulty disadvantage discussion
    distinction ease effort emphasis end essence example exception existence explanation extent fact focus form goal
    guideline hand help idea impact implication importance improvement inclusion increase individual instance issue
    item key kind lack list look lot manner matter meaning means moment name nature necessity need note notion number
    objective occurrence one option order other outcome overview paper paragraph part people person phenomenon phrase
    piece place point portion possibility potential presence purpose question range reader reality reason
    recommendation reference relevance respect result right role sake scenario section sense setting side significance
    similarity situation someone something sort stage start step suggestion summary tendency term thing thought time
    tip title topic total type understanding usage use utilization variety version view way week word work year
    anybody anyone anything behalf beside everybody everyone everything meantime midst month morning nobody none nothing
    somebody today tomorrow tonight yesterday
    """.split()
)
# Words that cannot be the last word of a term, not even of a longer term: "the following example", "one reason".
NEVER_LAST: Final = frozenset("example one way lot thing fact sake instance reason kind sort etc".split())
# Adjectives that judge a thing instead of describing it: "a crucial step", "a powerful tool".
JUDGING: Final = frozenset(
    """
    beneficial best better big common complex critical crucial effective efficient essential excellent fascinating
    fundamental good great helpful ideal important indispensable integral interesting invaluable key main major
    multifaceted necessary nuanced only perfect pivotal popular powerful primary prominent serious significant simple
    strong successful useful valuable versatile vital widely
    """.split()
)
# Nouns that name the role of a thing and do not tell what the thing is: "a challenge", "a solution".
ROLES: Final = frozenset(
    """
    advantage aid alternative area aspect asset backbone barrier benefit building-block candidate catalyst cause
    challenge choice component concern consequence consideration core cornerstone demand difference difficulty driver
    effect element example factor feature foundation goal heart help hurdle impact indicator ingredient issue job
    limitation matter need obstacle one opportunity option outcome part piece pillar place point prerequisite priority
    problem process question reason requirement resource responsibility result risk role solution source starting step
    subject task thing tool topic trend way
    """.split()
)
