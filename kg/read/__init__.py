"""Read files as `ParsedArticle` values: front matter, Markdown, links; read SKOS vocabularies."""
