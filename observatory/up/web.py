"""`python -m observatory.up.web APP OPTIONS`: uvicorn, without 7 MB of libraries that no request needs."""

import sys

from uvicorn.main import main

# REST framework and Django's test tools, which the OpenAPI generator brings, use them where they are installed; a judge's
# libraries install them.
NEEDLESS = ("jinja2", "pygments", "requests")


def leave_out_needless() -> None:
    """To import one of them is an ImportError from here on, as if it were not installed."""
    for name in NEEDLESS:
        sys.modules[name] = None  # type: ignore[assignment]


if __name__ == "__main__":
    leave_out_needless()
    main()
