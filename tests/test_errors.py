import inspect

from ilgi import errors


def test_the_docstring_is_the_tree() -> None:
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__]
    assert all(issubclass(c, errors.IlgiError) for c in classes)
    for c in classes:
        assert c.__name__ in (errors.__doc__ or ""), f"{c.__name__} is missing from the module's docstring"


def test_every_message_is_one_line() -> None:
    examples = [
        errors.BundleTooNew(3, 1),
        errors.BundleDamaged("a", "is a link"),
        errors.UnknownName("genre", "x", ["a", "b"]),
        errors.MissingExtra("reading Parquet", "train", "polars"),
    ]
    assert all("\n" not in str(e) and len(str(e)) < 200 for e in examples)
