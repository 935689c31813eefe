"""Words and terms as text: normal forms, inflection, spelling, stop words."""
