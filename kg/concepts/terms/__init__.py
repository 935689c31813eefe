"""The terms of a corpus: index, candidates, and the merging of variants into concepts."""
