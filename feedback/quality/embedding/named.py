"""What the scores of the embedding model are called, for those who show or count them."""

NAME = "embedding_relevance"
TITLE = "Embedding estimate of relevance (MiniLM, no judge)"
