"""Reports on a folder of articles (kg check, kg init) or on an existing build (kg stats). Nothing is built."""
