"""Reports on a folder of articles (`kg check`, `kg init`) or on an existing build (`kg stats`), without a new build."""
