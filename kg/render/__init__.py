"""HTML pages and SVG pictures that show a build to people."""
