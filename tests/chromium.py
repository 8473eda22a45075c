"""The browser of the tests."""

import shutil

# The headless shell takes three quarters of the CPU of the whole browser: it has no windows to compose.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Path of the first that this machine has; Playwright says what to do where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
