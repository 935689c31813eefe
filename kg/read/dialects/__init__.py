"""Dialects: the conventions of the tools that folders of Markdown articles are kept with.

A dialect is one module of this package that exports a `DIALECT` (see `kg.read.dialects.dialect`). The registry finds it
there; no other module names a tool.
"""
