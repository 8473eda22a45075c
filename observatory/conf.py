"""Every setting of Observatory: name, type, default, help. The reference page in the docs is held against this table."""

from observatory.core.env import Setting, to_ascending_days, to_bool, to_json_object, to_list, to_port, to_positive_int

SETTINGS = (
    Setting(
        "OBSERVATORY_DATA_DIR",
        str,
        ".observatory",
        "Folder for the SQLite file, the secret key, static files and the servers that `up` starts.",
    ),
    Setting(
        "OBSERVATORY_DATABASE_URL",
        str,
        "",
        "`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST:PORT/NAME`. Empty: SQLite in the data folder.",
    ),
    Setting(
        "OBSERVATORY_BROKER_URL",
        str,
        "",
        "Redis or Valkey that wakes the worker (`redis://HOST:PORT/0`). Empty: `manage.py digest --follow` finds the work.",
    ),
    Setting(
        "OBSERVATORY_SECRET_KEY",
        str,
        "",
        "Signs sessions. Empty: generated once into the data folder, readable by its owner only.",
    ),
    Setting(
        "OBSERVATORY_ALLOWED_HOSTS",
        to_list,
        "127.0.0.1,localhost,[::1]",
        "Host names under which Observatory answers, separated by commas.",
    ),
    Setting(
        "OBSERVATORY_TRUSTED_ORIGINS",
        to_list,
        "",
        "Origins (`https://host`) whose forms the admin accepts when a proxy in front changes host or scheme.",
    ),
    Setting(
        "OBSERVATORY_HTTPS",
        to_bool,
        "false",
        "Set to true when users come over HTTPS: redirects, secure cookies and HSTS. A proxy must set X-Forwarded-Proto.",
    ),
    Setting("OBSERVATORY_WEB_THREADS", to_positive_int, "8", "Requests that one web process works on at once."),
    Setting(
        "OBSERVATORY_LIVE_SUBSCRIBERS",
        to_positive_int,
        "200",
        "Live pages that one web process pushes to at once; those beyond ask for their figures themselves.",
    ),
    Setting(
        "OBSERVATORY_MAX_BODY_BYTES",
        to_positive_int,
        "20971520",
        "Largest request body, before and after decompression. Beyond: 413.",
    ),
    Setting("OBSERVATORY_MAX_BATCH", to_positive_int, "1000", "Most records in one list of the native API."),
    Setting(
        "OBSERVATORY_MAX_SPANS",
        to_positive_int,
        "10000",
        "Most spans or log records in one OTLP request; those beyond are refused.",
    ),
    Setting("OBSERVATORY_MAX_TEXT_CHARS", to_positive_int, "1000000", "Longest single text of a record."),
    Setting("OBSERVATORY_MAX_NESTING", to_positive_int, "32", "Deepest nesting of lists and objects in a record."),
    Setting(
        "OBSERVATORY_MAX_KEYS",
        to_positive_int,
        "1000",
        "Most keys in the free parts (metadata, attributes, data) of a record.",
    ),
    Setting("OBSERVATORY_MAX_KEY_CHARS", to_positive_int, "256", "Longest key in the free parts of a record."),
    Setting(
        "OBSERVATORY_CLOCK_TOLERANCE_S",
        to_positive_int,
        "60",
        "A record dated further in the future than this many seconds is stored with a flag.",
    ),
    Setting(
        "OBSERVATORY_METRICS_NAMESPACE",
        str,
        "observatory",
        "Prefix of the Prometheus names (`NS` in the documents).",
    ),
    Setting(
        "OBSERVATORY_METRICS_PORT",
        to_port,
        "",
        "A port on which the web process answers `/metrics` and nothing else, for example 9189. Empty: none.",
    ),
    Setting(
        "OBSERVATORY_METRICS_HOST",
        str,
        "127.0.0.1",
        "Address of that port. `0.0.0.0`: all of this machine's.",
    ),
    Setting(
        "OBSERVATORY_PROCESS_METRICS",
        to_bool,
        "false",
        "Set to true to count requests, queries and memory of the web process, shown on that port at `/metrics/process`.",
    ),
    Setting(
        "OBSERVATORY_RETENTION_DAYS",
        to_positive_int,
        "30",
        "Days that raw interactions, spans, events and ingest outcomes are kept, by their own time; a project may differ.",
    ),
    Setting(
        "OBSERVATORY_RETENTION_GB",
        to_positive_int,
        "10",
        "Gigabytes of one kind of raw data in one project; beyond them the oldest days go. A project may have its own.",
    ),
    Setting(
        "OBSERVATORY_BUCKET_DAYS",
        to_ascending_days,
        "7,30,90,365",
        "Days that metrics are kept by the minute, by 5 minutes, by the hour and by the day.",
    ),
    Setting(
        "OBSERVATORY_ARCHIVE_DIR",
        str,
        "archive",
        "Folder of the archives; relative: in the data folder. `none`: delete without an archive.",
    ),
    Setting(
        "OBSERVATORY_ARCHIVE_STORAGE",
        str,
        "django.core.files.storage.FileSystemStorage",
        "Django storage of the archives, for example `storages.backends.s3.S3Storage`.",
    ),
    Setting(
        "OBSERVATORY_ARCHIVE_OPTIONS",
        to_json_object,
        "{}",
        "Options of that storage as JSON, for example the name of a bucket.",
    ),
)
