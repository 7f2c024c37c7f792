#!/bin/sh
# Print a Python fit to make .venv: $PYTHON where it is set, else one on PATH, else one of pyenv's;
# with --all every one of them.
# A name on PATH proves nothing (it may be a pyenv shim for a version that is not active, or lack
# Debian's python3-venv), so each candidate is run.

fit() {
    "$1" -c 'import sys, ensurepip, ssl, venv
if sys.version_info < (3, 12): sys.exit(1)
print(sys.executable)' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    fit "$PYTHON" && exit
    echo "PYTHON=$PYTHON is no Python 3.12 or newer with the modules venv, ensurepip and ssl." >&2
    exit 1
fi

pyenv=${PYENV_ROOT:-${HOME:-}/.pyenv}/versions
for candidate in python3 python3.14 python3.13 python3.12 \
    $(ls -d "$pyenv"/3.*[0-9]/bin/python3 2>/dev/null | sort -rV); do
    fit "$candidate" && [ "${1:-}" != --all ] && exit
done
[ "${1:-}" = --all ] && exit

cat >&2 <<'END'
Bits & Nats needs Python 3.12 or newer, with its modules venv, ensurepip and ssl, and found none on
PATH or among pyenv's versions. Install one (Debian 13: apt-get install python3-venv; elsewhere:
pyenv install 3.13), or name yours: make PYTHON=/path/to/python3
END
exit 1
