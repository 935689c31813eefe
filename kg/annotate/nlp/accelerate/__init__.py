"""Faster layers for spaCy and thinc.

All code that depends on the internals of spaCy and thinc is in this package. `accelerate` is its only entry point.
"""

from kg.annotate.nlp.accelerate.checked_replacement import accelerate as accelerate
