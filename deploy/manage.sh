#!/bin/sh
# manage.py as the services run it: with their settings, as their user.   usage, as root: sh deploy/manage.sh VERB …
set -eu
cd "$(dirname "$0")/.."
set -a
. /etc/communaccord.env
set +a
umask 027
HOME=$PWD/var exec setpriv --reuid communaccord --regid communaccord --init-groups .venv/bin/python manage.py "$@"
