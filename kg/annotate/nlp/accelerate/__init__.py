"""Faster layers for spaCy and thinc: all code that depends on their internals is in this package.

`accelerate` is its only entry point.
"""

from kg.annotate.nlp.accelerate.checked_replacement import accelerate as accelerate
