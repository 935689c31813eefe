"""Read the front matter, the Markdown and the links of files as `ParsedArticle` values. Read SKOS vocabularies too."""
