"""Concept selection: from the candidate terms of a corpus to concepts, mentions and relations."""
