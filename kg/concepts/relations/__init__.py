"""Broader and related concepts, and definitions."""
