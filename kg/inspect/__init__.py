"""Reports on a folder of articles or on a build, without building: kg check, kg init, kg stats."""
