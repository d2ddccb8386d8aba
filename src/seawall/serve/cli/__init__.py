"""The `seawall` command: one file per subcommand, listed in `COMMANDS` in the order a newcomer meets them."""

from seawall.serve.cli.app import main

__all__ = ["main"]
