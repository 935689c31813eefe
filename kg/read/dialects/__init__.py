"""Dialects: the conventions of the tools with which people manage folders of Markdown articles.

Each dialect is a module of this package that exports a `DIALECT` (see `kg.read.dialects.dialect`). The registry finds
these modules by itself. Modules outside this package do not depend on any tool.
"""
