"""Reports on a folder of articles or a build without building: kg check, kg init, kg stats."""
