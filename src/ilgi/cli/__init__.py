"""The command line: one module per group of commands."""

from ilgi.cli.app import main

__all__ = ["main"]
