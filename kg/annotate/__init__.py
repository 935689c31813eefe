"""From an article to candidate terms with offsets."""
