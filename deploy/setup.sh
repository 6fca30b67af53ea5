#!/bin/sh
# Prepares a checkout: system parts, .venv, locked dependencies. Run again, it does only what changed.
# usage: setup.sh PYTHON REQUIREMENTS [chromium]
set -eu
python=$1
requirements=$2
browser=${3:-}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || ls /opt/homebrew/lib /usr/local/lib 2>/dev/null | grep -q "$1"; }
has_browser() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }

missing=""
has_library libpango-1.0 && has_library libpangoft2-1.0 || missing="$missing libpango-1.0-0 libpangoft2-1.0-0"
has_library libharfbuzz-subset || missing="$missing libharfbuzz-subset0"
command -v fc-list >/dev/null || missing="$missing fontconfig"
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv" # Debian ships Python without them
[ -z "$browser" ] || has_browser >/dev/null || missing="$missing chromium"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installation des parties du système :$missing"
        apt-get update -qq >/dev/null 2>&1 || true
        # The same browser without its windows, where the system has it: less to fetch, and less work in each test.
        if [ "$missing" != "${missing%chromium}" ] && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
            missing="$missing-headless-shell"
        fi
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 ||
            echo "L’installation de$missing a échoué : ce qui en dépend sera signalé."
    else
        echo "Il manque :$missing. Debian : sudo apt install$missing — Fedora : sudo dnf install pango harfbuzz fontconfig${browser:+ chromium} — macOS : brew install pango harfbuzz fontconfig${browser:+ && brew install --cask chromium}"
    fi
fi

if [ ! -x .venv/bin/python ]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Il faut Python 3.11 ou plus récent ($("$python" --version) trouvé) : PYTHON=python3.12 make …"
        exit 1
    }
    echo "Création de .venv"
    "$python" -m venv .venv
fi

# uv reads the same lock and checks the same hashes in a tenth of the time. Where pip is told of an index of its own, which
# uv would not read, or where uv fails, pip does it.
install_quickly() {
    ! .venv/bin/pip config list | grep -q "\.index-url=" || return 1
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r requirements-uv.txt &&
        UV_HTTP_RETRIES=1 UV_HTTP_TIMEOUT=15 .venv/bin/uv pip install --quiet --python .venv/bin/python --no-config \
            --require-hashes --no-deps -r "$requirements"
}

# requirements-dev.txt holds all of requirements.txt: once it is there, the smaller one has nothing to add.
sum() { cksum "$1" | cut -d' ' -f1; }
stamp=.venv/installed-$(basename "$requirements")-$(sum "$requirements")
larger=.venv/installed-requirements-dev.txt-$(sum requirements-dev.txt)
if [ ! -e "$stamp" ] && [ ! -e "$larger" ]; then
    echo "Installation des dépendances verrouillées ($requirements)"
    install_quickly 2>/dev/null ||
        .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r "$requirements"
    .venv/bin/python -m compileall -qq -j 0 .venv/lib || true # on all the cores: pip would use one
    rm -f .venv/installed-*
    touch "$stamp"
fi
# The services may not write beside the code, and would compile it again at each start.
.venv/bin/python -m compileall -q cooperation territories partners projects || true
