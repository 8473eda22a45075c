#!/usr/bin/env python
"""Django's command line for Observatory."""

import gc
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")
    if sys.argv[1:2] == ["up"]:
        # It starts processes that load the apps, and needs none itself: it says in a tenth of the time why it cannot start.
        from observatory.management.commands.up import Command

        Command().run_from_argv(sys.argv)
        return
    # What is loaded stays. With Python's own 700 the collector takes a tenth of a start, and a sixth of `migrate`.
    gc.set_threshold(10_000)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
