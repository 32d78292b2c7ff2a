from importlib.metadata import EntryPoint

import pytest

from ilgi.catalog.base import catalog_sources
from ilgi.emotion.base import emotion_models
from ilgi.errors import MissingExtra, RegistryError, UnknownName
from ilgi.label.base import PriorLabels, label_models
from ilgi.ranking.base import PopularityRanker, rankers
from ilgi.registry import Registry, missing_extra


def test_our_own_come_in_through_the_same_door() -> None:
    assert label_models.get("prior") is PriorLabels
    assert rankers.get("popularity") is PopularityRanker


@pytest.mark.parametrize("registry", [emotion_models, label_models, rankers, catalog_sources], ids=lambda r: r.kind)
def test_every_registered_name_loads(registry: Registry) -> None:
    names = registry.names()
    assert names
    for name in names:
        assert isinstance(registry.get(name), type)


def test_a_misspelt_name_brings_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown label model 'priro': did you mean 'prior'"):
        label_models.get("priro")


class _Broken(Registry[object]):
    def __init__(self, value: str) -> None:
        super().__init__("test", "thing")
        self.value = value

    def _points(self) -> dict[str, EntryPoint]:
        return {"x": EntryPoint("x", self.value, "test")}


def test_a_broken_entry_point_is_one_clear_error() -> None:
    for value in ("ilgi.errors:NoSuchThing", "ilgi.no_such_room:Thing"):
        with pytest.raises(RegistryError, match="cannot be loaded"):
            _Broken(value).get("x")


def test_a_missing_extra_names_the_line_to_run() -> None:
    error = missing_extra("reading Parquet", ModuleNotFoundError("no", name="polars.io"))
    assert isinstance(error, MissingExtra)
    assert "pip install 'ilgi[train]'" in str(error)


def test_a_missing_module_that_is_no_extra_is_not_hidden() -> None:
    with pytest.raises(ModuleNotFoundError):
        missing_extra("x", ModuleNotFoundError("no", name="left_pad"))
