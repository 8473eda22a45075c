"""A judge: a model behind any endpoint that speaks as OpenAI's does. Nothing here imports DeepEval or openai."""
