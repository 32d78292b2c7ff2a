"""Words for the emoji that people put into diaries, for a tokenizer that knows no emoji."""

from typing import Any, Final

EMOJI_WORDS: Final[dict[str, str]] = {
    "😀": "smiling", "😃": "smiling happily", "😄": "smiling happily", "😁": "grinning", "😆": "laughing",
    "😅": "nervous laugh", "🤣": "laughing hard", "😂": "laughing hard", "🙂": "slight smile",
    "🙃": "ironic smile", "😉": "winking", "😊": "smiling happily", "😇": "innocent", "🥰": "in love",
    "😍": "in love", "🤩": "thrilled", "😘": "kiss", "😗": "kiss", "😚": "kiss", "😋": "yummy",
    "😛": "teasing", "😜": "teasing", "🤪": "silly", "🤗": "hug", "🤭": "giggling", "🤔": "wondering",
    "🤨": "doubting", "😐": "blank face", "😑": "annoyed blank face", "😶": "speechless", "😏": "smirk",
    "😒": "annoyed", "🙄": "rolling eyes annoyed", "😬": "awkward", "😌": "relieved",
    "😔": "sad and thoughtful", "😪": "tired", "😴": "sleeping", "🤒": "sick", "🤕": "hurt",
    "🤢": "disgusted", "🤮": "disgusted", "🤧": "sick", "🥵": "hot", "🥶": "freezing", "🤯": "mind blown",
    "🥳": "celebrating", "😎": "cool", "😕": "confused", "😟": "worried", "🙁": "sad", "☹": "sad",
    "😮": "surprised", "😯": "surprised", "😲": "shocked", "😳": "embarrassed", "🥺": "pleading",
    "😦": "worried", "😧": "worried", "😨": "afraid", "😰": "anxious", "😥": "sad", "😢": "crying",
    "😭": "crying hard", "😱": "screaming in fear", "😖": "upset", "😣": "struggling", "😞": "disappointed",
    "😓": "exhausted", "😩": "exhausted", "😫": "exhausted", "🥱": "bored", "😤": "angry", "😡": "furious",
    "😠": "angry", "🤬": "furious swearing", "💀": "dying", "💔": "heartbroken", "❤": "love", "🧡": "love",
    "💛": "love", "💚": "love", "💙": "love", "💜": "love", "🖤": "love", "💕": "love", "💖": "love",
    "💗": "love", "💓": "love", "💞": "love", "😻": "in love", "👍": "good", "👎": "bad", "👏": "applause",
    "🙌": "hooray", "🙏": "please thank you", "💪": "strong", "🎉": "celebration", "🎊": "celebration",
    "✨": "sparkling", "🔥": "fire", "🌧": "rain", "☀": "sun", "🌈": "rainbow", "🌸": "blossom",
    "🍀": "luck", "🤞": "fingers crossed", "🤦": "facepalm", "🤷": "shrug", "😿": "crying",
    "😹": "laughing", "🫠": "melting", "🥹": "holding back tears", "🫶": "love",
}  # fmt: skip
"""Emoji → the words that a reader of faces would say. Signs that mean a thing rather than a feeling are left alone."""
_MODIFIERS: Final = (*map(chr, range(0x1F3FB, 0x1F400)), "\u200d\u2640\ufe0f", "\u200d\u2642\ufe0f")
"""Skin tones, and "as a woman", "as a man": they change no feeling."""


def with_emoji_words(tokenizer: Any) -> Any:  # noqa: ANN401 (tokenizers has no types)
    """Put the words in place of the emoji before anything else is done; the tokenizer is changed and returned."""
    from tokenizers import normalizers

    steps = [normalizers.Replace(modifier, "") for modifier in _MODIFIERS]
    steps += [normalizers.Replace(emoji, f" {words} ") for emoji, words in EMOJI_WORDS.items()]
    tokenizer.normalizer = normalizers.Sequence([*steps, tokenizer.normalizer])
    return tokenizer
