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


def test_a_heart_is_read_with_and_without_its_variation_selector() -> None:
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "rain": 1, "love": 2}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    again = Tokenizer.from_str(with_emoji_words(tokenizer).to_str())
    assert again.encode("Rain\u2764\ufe0frain\u2764").ids == [1, 2, 1, 2]


def test_the_words_come_before_the_tokenizer_s_own_rules() -> None:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "crying": 1, "hard": 2}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Replace("😭", "")
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    assert with_emoji_words(tokenizer).encode("😭").ids == [1, 2]


def test_skin_and_sex_are_no_feelings() -> None:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "facepalm": 1, "good": 2}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    assert with_emoji_words(tokenizer).encode("🤦🏽\u200d♀️ 👍🏿").ids == [1, 2]
