"""Long texts, apart from the narrow rows: packed into blocks (`frames`), read where somebody wants them (`read`)."""
