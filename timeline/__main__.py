"""`python -m timeline` is the `timeline` command."""

from .cli import main

if __name__ == "__main__":
    raise SystemExit(main())
