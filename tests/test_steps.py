import dataclasses

import pytest

from ilgi import steps


def test_every_step_is_frozen_and_told() -> None:
    for name in ("Sentence", "Reading", "Query", "Evidence", "RankedItem", "Ranking", "Feedback", "Taste"):
        step = getattr(steps, name)
        assert dataclasses.is_dataclass(step)
        assert step.__doc__
        assert step.__dataclass_params__.frozen


def test_an_item_cannot_be_changed() -> None:
    item = steps.RankedItem(1, "tmdb:1", 0, 0.5, "mirror")
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.rank = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        item.parts["x"] = 1.0  # type: ignore[index]
