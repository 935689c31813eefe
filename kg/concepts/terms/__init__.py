"""The terms of a corpus: their index, their candidates, and which of them are variants of one concept."""
