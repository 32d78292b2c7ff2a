from typing import Any, get_args

import pytest

from ilgi.cli import options

SHARED = ("Text", "File", "TextLanguage", "BundleFolder", "Model", "AsJson")


@pytest.mark.parametrize("name", SHARED)
def test_what_several_commands_share_reads_the_same(ilgi: Any, name: str) -> None:
    declared = get_args(getattr(options, name))[1]
    for command in ("recommend", "emotions"):
        out = " ".join(ilgi(command, "--help").out.split())
        assert declared.help in out
