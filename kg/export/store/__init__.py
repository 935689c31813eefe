"""The Oxigraph store of a build."""
