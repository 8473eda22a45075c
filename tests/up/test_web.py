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
for path in ("/livez", "/api/", "/api/schema/"):
    assert Client().get(path, headers={"host": "localhost"}).status_code == 200, path
for name in (*web.NEEDLESS, "numpy", "genai_prices"):
    assert not sys.modules.get(name), name
"""


def test_it_answers_without_what_is_left_out():
    answered = subprocess.run([sys.executable, "-c", CODE], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert answered.returncode == 0, answered.stderr
