"""Lists that are made, and what people do with them: written down, kept for a while, forgotten with the person."""
