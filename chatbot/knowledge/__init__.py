"""The knowledge base: its models, and the files in which staff write it."""
