"""Fixtures shared by all tests, and the rule about skips."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The data outside the repository; the test skips where there is none."""
    configured = os.environ.get("ILGI_DATA_DIR", "")
    if not configured or not Path(configured).is_dir():
        pytest.skip("no data: set ILGI_DATA_DIR to a folder laid out as docs/DATA.md describes")
    return Path(configured)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps every test out of the home and configuration of whoever runs it."""
    monkeypatch.setenv("ILGI_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # noqa: ANN201
    """Turns a skip into a failure on CI, where every tool is installed: there, a skip hides a broken promise."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        # Data lies outside the repository, so its absence is no fault of the installation.
        if "no data:" not in reason or os.environ.get("ILGI_DATA_DIR"):
            report.outcome = "failed"
            report.longrepr = f"skipped on CI, where nothing may be missing: {reason}"
