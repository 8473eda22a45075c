"""Observatory's settings around one plain DRF view: what the single POST is compared with."""

from observatory.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.plain_drf"
