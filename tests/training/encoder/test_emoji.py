from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from ilgi.training.encoder.emoji import EMOJI_WORDS, with_emoji_words


def test_an_emoji_is_read_as_its_words() -> None:
    vocabulary = {"[UNK]": 0, "rain": 1, "crying": 2, "hard": 3}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    assert with_emoji_words(tokenizer).encode("Rain😭rain").ids == [1, 2, 3, 1]


def test_words_are_plain_english() -> None:
    assert all(words.isascii() and words == words.strip().lower() for words in EMOJI_WORDS.values())
    assert not any(emoji.isascii() for emoji in EMOJI_WORDS)
