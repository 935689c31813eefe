"""The conventions of the tools that people keep Markdown articles with."""
