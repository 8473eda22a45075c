#!/usr/bin/env bash
# Observatory from a clean clone: sets up a virtual environment of its own (.venv) and runs it. Needs no exported variable.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
venv=$here/.venv

usage() {
    cat <<'TEXT'
./observatory.sh up [--host 127.0.0.1] [--port 8000] [--data DIR] [--full] [--no-demo]
        starts everything on this machine; --full: on PostgreSQL instead of SQLite; Ctrl-C stops it
./observatory.sh test [ARGS]      the tests, on SQLite and on PostgreSQL; ARGS go to pytest
./observatory.sh setup            the virtual environment and the tests' tools, without running anything
./observatory.sh manage [--data DIR] ARGS
        manage.py with the data of `up` (default: OBSERVATORY_DATA_DIR, or .observatory)
TEXT
}

die() {
    echo "observatory.sh: $*" >&2
    exit 1
}

# need_packages "why" PACKAGE...: installs Debian packages as root, else says what to type.
need_packages() {
    local why=$1
    shift
    command -v apt-get >/dev/null || die "$why: install it with your system's package manager."
    [ "$(id -u)" = 0 ] || die "$why. Run: sudo apt-get install --no-install-recommends $*"
    echo "$why: installing $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

make_venv() {
    "$venv/bin/python" -c 'import pip' 2>/dev/null && return
    local python
    if ! python=$(find_python); then
        need_packages "Python 3.11 or newer is missing" python3 python3-venv
        python=$(find_python) || die "this system's Python is older than 3.11; install a newer one."
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        need_packages "Python's venv is missing" python3-venv
    fi
    "$python" -m venv "$venv"
}

# install STAMP FILE...: installs the requirements unless just these are installed already.
install() {
    local stamp=$venv/$1
    shift
    cat "$@" | cmp -s - "$stamp" && return
    echo "Installing Python packages (about a minute)" >&2
    rm -f "$venv"/installed*.txt  # of the other set, too: what it names may be another version from here on
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --root-user-action=ignore "${@/#/--requirement=}"
    cat "$@" >"$stamp"
}

# Two runs at once wait for each other here.
set_up() {
    mkdir -p "$venv"
    exec 9>"$venv/lock"
    if command -v flock >/dev/null; then flock 9; fi
    make_venv
    if [ "${1-}" = test ]; then
        install installed-tests.txt "$here/requirements.txt" "$here/deploy/embeddings.txt" "$here/tests/requirements.txt"
        cp "$here/requirements.txt" "$venv/installed.txt"
    else
        install installed.txt "$here/requirements.txt"
    fi
    exec 9>&-
}

# absolute FOLDER DIR: DIR itself, or DIR in FOLDER.
absolute() {
    case $2 in
        /*) echo "$2" ;;
        *) echo "$1/$2" ;;
    esac
}

data_dir() {
    absolute "$here" "${OBSERVATORY_DATA_DIR:-.observatory}"
}

# quoted WORD...: as a shell takes them; a word that needs no quotes has none.
quoted() {
    local words
    printf -v words '%q ' "$@"
    echo "${words% }"
}

# need_data COMMAND...: a folder without a database is not the one that was meant, unless the command makes it.
need_data() {
    local data
    data=$(data_dir)
    case ${1-} in '' | -* | help | check | migrate | prepare) return ;; esac
    if [ -n "${OBSERVATORY_DATABASE_URL-}" ] || [ -e "$data/runtime.env" ] || [ -e "$data/observatory.sqlite3" ]; then return; fi
    die "there is no data in $data. Start ./observatory.sh up first, or name the folder it was given: ./observatory.sh manage --data DIR $(quoted "$@")"
}

# What `up` wrote about itself: manage.py reaches the same database, and while `up` runs the same broker.
read_runtime() {
    local data name value running=no
    data=$(data_dir)
    [ -r "$data/runtime.env" ] || return 0
    while IFS='=' read -r name value; do
        case $name in
            OBSERVATORY_UP_PID) if kill -0 "$value" 2>/dev/null; then running=yes; fi ;;
            OBSERVATORY_*) take_setting "$running" "$name" "$value" ;;
        esac
    done <"$data/runtime.env"
}

take_setting() {
    local running=$1 name=$2 value=$3
    if [ -n "${!name-}" ]; then return; fi
    case $running:$name:$value in
        no:OBSERVATORY_BROKER_URL:*) return ;;
        no:OBSERVATORY_DATABASE_URL:*'?host='*)
            die "this data folder was last used with its own PostgreSQL, which is not running: start ./observatory.sh up --full first." ;;
    esac
    export "$name=$value"
}

# A process of tests a core, one more for while they wait for servers, and four at most: each of them has a database.
test_processes() {
    local cores
    cores=$(getconf _NPROCESSORS_ONLN)
    echo $((cores < 4 ? cores + 1 : 4))
}

# The headless shell is the same engine for three quarters of the CPU; where it cannot be had, a Chromium that is there will do.
need_browser() {
    if command -v chromium-headless-shell >/dev/null; then return; fi
    if command -v chromium >/dev/null && [ "$(id -u)" != 0 ]; then return; fi
    need_packages "The browser tests use Chromium's shell" chromium-headless-shell || command -v chromium >/dev/null
}

run_tests() {
    cd "$here"
    need_browser
    if ! command -v promtool >/dev/null; then need_packages "The tests of /metrics need Prometheus" prometheus; fi
    local store failed=0 output closing=() processes
    local color=no name
    for name in "${!OBSERVATORY_@}"; do unset "$name"; done
    # Each of the many processes would compile the product anew, and those of pytest every test: five seconds each.
    unset PYTHONDONTWRITEBYTECODE
    if [ -t 1 ]; then color=yes; fi
    processes=$(test_processes)
    output=$(mktemp)
    for store in sqlite postgresql; do
        "$venv/bin/python" -m pytest --store "$store" --color="$color" -n "$processes" --dist worksteal "$@" 2>&1 | tee "$output" || failed=1
        closing+=("$(printf '%-11s %s' "$store" "$(tail -n 1 "$output")")")
    done
    rm -f "$output"
    echo
    printf '%s\n' "${closing[@]}"
    return "$failed"
}

case ${1-} in
    up)
        set_up
        umask 077
        exec "$venv/bin/python" "$here/manage.py" "$@"
        ;;
    setup)
        set_up test
        ;;
    test)
        shift
        set_up test
        run_tests "$@"
        ;;
    manage)
        shift
        if [ "${1-}" = --data ]; then
            [ -n "${2-}" ] || die "manage --data: name a folder."
            OBSERVATORY_DATA_DIR=$(absolute "$PWD" "$2")
            export OBSERVATORY_DATA_DIR
            shift 2
        fi
        need_data "$@"
        set_up
        read_runtime
        exec "$venv/bin/python" "$here/manage.py" "$@"
        ;;
    -h | --help | help | '') usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
