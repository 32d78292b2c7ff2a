"""Runs the command line as `python -m ilgi`."""

from ilgi.cli import main

if __name__ == "__main__":
    main()
