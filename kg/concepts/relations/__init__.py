"""Relations between concepts: broader and related concepts, and definitions."""
