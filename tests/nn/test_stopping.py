import pytest

from ilgi.errors import InputError
from ilgi.nn.stopping import EarlyStopping, Watch


def follow(rule: EarlyStopping, values: list[float]) -> tuple[int, int]:
    """Return the epoch after which the watch is done (0: never) and the best epoch."""
    watch = Watch(rule)
    for epoch, value in enumerate(values, start=1):
        watch.see(epoch, value)
        if watch.done:
            return epoch, watch.best_epoch
    return 0, watch.best_epoch


def test_patience_counts_epochs_without_improvement() -> None:
    assert follow(EarlyStopping(2), [3.0, 2.0, 2.5, 2.4, 1.0]) == (4, 2)
    assert follow(EarlyStopping(3), [3.0, 2.0, 2.5, 2.4, 1.0]) == (0, 5)


def test_equal_is_no_improvement_and_the_first_is_kept() -> None:
    assert follow(EarlyStopping(2), [1.0, 1.0, 1.0]) == (3, 1)


def test_small_steps_do_not_buy_time_but_their_weights_are_kept() -> None:
    assert follow(EarlyStopping(3, min_delta=0.1), [1.0, 0.99, 0.98, 0.97]) == (4, 4)


def test_small_steps_that_add_up_do_buy_time() -> None:
    assert follow(EarlyStopping(3, min_delta=0.1), [1.0, 0.95, 0.89, 0.85, 0.78]) == (0, 5)


def test_a_metric_may_rise() -> None:
    rule = EarlyStopping(2, metric=lambda p, y: float(p[0, 0] - y[0, 0]), higher_is_better=True)
    assert follow(rule, [0.1, 0.3, 0.2, 0.25]) == (4, 2)


def test_bad_rules_are_refused() -> None:
    for make in (
        lambda: EarlyStopping(0),
        lambda: EarlyStopping(3, min_delta=-1.0),
        lambda: EarlyStopping(3, higher_is_better=True),
    ):
        with pytest.raises(InputError):
            make()
