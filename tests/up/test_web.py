"""The web process of `up` loads nothing that no request needs, and answers all the same."""

import subprocess
import sys

from django.conf import settings

CODE = """
import sys
from observatory.up import web
web.leave_out_needless()
import observatory.asgi
from django.test import Client
statuses = [Client().get(path, headers={"host": "localhost"}).status_code for path in ("/livez", "/api/", "/api/schema/")]
print(statuses, sorted(name for name in (*web.NEEDLESS, "numpy", "genai_prices") if sys.modules.get(name)))
"""


def test_it_answers_without_what_is_left_out():
    found = subprocess.run([sys.executable, "-c", CODE], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert (found.stdout, found.returncode) == ("[200, 200, 200] []\n", 0), found.stderr
