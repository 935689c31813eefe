"""The candidate terms of all articles: storage, index, and the merging of terms that denote the same concept."""
