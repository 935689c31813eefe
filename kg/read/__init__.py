"""From files to `Article` values: front matter, Markdown, links."""
