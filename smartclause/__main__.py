"""`python -m smartclause` is the command `smartclause`."""

from smartclause.cli.main import main

if __name__ == "__main__":
    main()
