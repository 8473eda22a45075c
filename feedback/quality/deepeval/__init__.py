"""DeepEval's metrics as evaluators. They are declared without the library, which `library.py` imports in the worker."""
