"""From a text to the numbers that the model reads: BERT's WordPiece, uncased, in windows of what it reads at once.

Imported in the worker only: see installed.py.
"""

import lzma
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

FILE = Path(__file__).with_name("vocabulary.txt.xz")
UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
WINDOW = 256  # with begin and end: sentence-transformers gives this model no more
LONGEST_WORD = 100  # signs; a longer one is unknown


@cache
def tokenizer() -> Tokenizer:
    """Marks such as "[SEP]" in a text are signs and letters to it: nobody writes the marks of the model."""
    lines = lzma.decompress(FILE.read_bytes()).decode().splitlines()
    numbers = {piece: number for number, piece in enumerate(lines)}
    made = Tokenizer(WordPiece(numbers, unk_token=UNKNOWN, max_input_chars_per_word=LONGEST_WORD))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    made.post_processor = BertProcessing((END, numbers[END]), (BEGIN, numbers[BEGIN]))
    made.enable_truncation(WINDOW)  # the rest is in `overflowing`
    return made


def windows_of(text: str) -> list[list[int]]:
    found = tokenizer().encode(text)
    return [found.ids, *(one.ids for one in found.overflowing)]
