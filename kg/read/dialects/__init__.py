"""Dialects: the conventions of tools that manage folders of Markdown articles.

A dialect is one module of this package that exports a `DIALECT` (see `kg.read.dialects.dialect`). The registry finds it
there; no other module names a tool.
"""
