"""Django settings. All that differs between installations comes from the environment: see conf.py."""

import sys
from pathlib import Path

from observatory.conf import SETTINGS
from observatory.core.archive_storage import archive_storage
from observatory.core.databases import database_from_url
from observatory.core.env import ConfigurationError, read
from observatory.core.secret_key import load_or_create

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    OBSERVATORY = read(SETTINGS)
    DATA_DIR = (BASE_DIR / OBSERVATORY["OBSERVATORY_DATA_DIR"]).resolve()
    DATABASES = {"default": database_from_url(OBSERVATORY["OBSERVATORY_DATABASE_URL"], DATA_DIR)}
    SECRET_KEY = OBSERVATORY["OBSERVATORY_SECRET_KEY"] or load_or_create(DATA_DIR / "secret_key")
except ConfigurationError as error:
    sys.exit(f"Observatory cannot start: {error}")

DEBUG = False
ALLOWED_HOSTS = OBSERVATORY["OBSERVATORY_ALLOWED_HOSTS"]
CSRF_TRUSTED_ORIGINS = OBSERVATORY["OBSERVATORY_TRUSTED_ORIGINS"]

INSTALLED_APPS = [
    "observatory.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_celery_beat",
    "observatory.apps.ObservatoryConfig",
    "observatory.core.apps.CoreConfig",
    "observatory.charts.apps.ChartsConfig",
    "observatory.projects.apps.ProjectsConfig",
    "observatory.metrics.apps.MetricsConfig",
    "interactions.apps.InteractionsConfig",
    "feedback.apps.FeedbackConfig",
    "reports.apps.ReportsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "observatory.core.security_headers.SecurityHeadersMiddleware",
    "observatory.core.https_only.HttpsOnlyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Only where it is asked for: it is work in each request and query.
if OBSERVATORY["OBSERVATORY_PROCESS_METRICS"]:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
    DATABASES["default"]["ENGINE"] = DATABASES["default"]["ENGINE"].replace("django.db.", "django_prometheus.db.")

CSRF_FAILURE_VIEW = "observatory.core.errors.csrf_failure"
ROOT_URLCONF = "observatory.urls"
WSGI_APPLICATION = "observatory.wsgi.application"
# An OTLP client takes a redirect for success and its data is gone: a path is right or it is 404.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "observatory" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
# Our own readers hold bodies to this limit and answer 413; Django would answer 400 above 2.5 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"]

USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "observatory.formats"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "observatory.charts.finders.VegaFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "archive": archive_storage(OBSERVATORY, DATA_DIR),
}

HTTPS = OBSERVATORY["OBSERVATORY_HTTPS"]
# The paths of programs are answered 403 over plain HTTP (core/https_only.py), those of health are answered.
HTTPS_ONLY_PATHS = r"^((api/v1|api/metrics|api/public|v1|trace)/|metrics(/raw|/process)?$|health/full$)"
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$", HTTPS_ONLY_PATHS]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
# Django 6 names; no source is ever 'unsafe-inline' or 'unsafe-eval'.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
# Without HTTPS (loopback, or a trusted net) these four ask for what cannot be; observatory.W001 judges that case instead.
SILENCED_SYSTEM_CHECKS = [] if HTTPS else [f"security.W{number}" for number in ("004", "008", "012", "016")]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["observatory.projects.auth.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["observatory.projects.auth.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["observatory.core.rendering.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "observatory.core.rendering.FirstIfNoneFits",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "observatory.core.api_errors.answer_exception",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Observatory",
    "DESCRIPTION": "The back office of an LLM application: send interactions, spans and events; read them back.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SORT_OPERATIONS": False,  # the order of the routes is that of importance
    "TAGS": [
        {"name": "Send", "description": "The native API: JSON objects, one or a list."},
        {"name": "OpenTelemetry", "description": "OTLP over HTTP, in protobuf or JSON."},
        {"name": "Browser", "description": "From web pages, with a key that may be shown."},
        {"name": "Feedback", "description": "What people say and do, and scores that applications compute."},
        {"name": "Read", "description": "What is stored, by pages or one by one."},
        {"name": "Quality", "description": "Evaluations of many answers: asked for, watched, stopped."},
        {"name": "Manage", "description": "What only the keeper of the data may do."},
        {"name": "Watch", "description": "How the pipeline itself is doing."},
    ],
    # Other things have a status, too.
    "ENUM_NAME_OVERRIDES": {
        "StatusEnum": "interactions.api.schema.STATUS",
        "EvaluationStatusEnum": "feedback.api.evaluation_operations.STATUSES",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
}

CELERY_BROKER_URL = OBSERVATORY["OBSERVATORY_BROKER_URL"] or None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The worker polls the database while the broker is away, so it never gives up and ends.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A broker that accepts and does not answer must not hold whoever rings. There is no time limit for tasks: threads have
# none in Celery. What they wait for is the database, and its statements end by themselves: see core/databases.py.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
DJANGO_CELERY_BEAT_TZ_AWARE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"refusals": {"()": "observatory.core.logs.NoTracebackOfRefusals"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        # Each a line per task and second; what fails is logged as an error all the same.
        **{name: {"level": "WARNING"} for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")},
    },
}
