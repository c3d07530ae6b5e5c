#!/bin/sh
# Start the catalogue of a lake, a PostgreSQL of its own, and make whatever of the lake is missing: docs/deploy.md.
# $1: the lake's folder. Nothing listens on a network; who may read the folder's socket is let in under the own name.
set -eu
umask 077
folder=${1:?name the folder of the lake}
case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
cd "$(dirname "$0")/.."
python=${LIBEROMETRO_PYTHON:-.venv/bin/python}
cluster=$folder/catalogue
version=$(cat "$cluster/PG_VERSION" 2>/dev/null || echo '*') # a cluster is of one version; a new one of the newest
programs=$(ls -d /usr/lib/postgresql/$version/bin 2>/dev/null | sort -V | tail -n 1)
PATH=${programs:+$programs:}$PATH
LC_ALL=C.UTF-8
PGPORT=5432 # of the socket: nothing listens on a network
export PATH LC_ALL PGPORT
command -v initdb >/dev/null || { echo "PostgreSQL is missing: apt-get install postgresql" >&2; exit 1; }

(umask 022 && mkdir -p "$folder") # the folders above it are passed through by PostgreSQL's user, below
chmod 700 "$folder"
server=$(id -un)
if [ "$server" = root ]; then # PostgreSQL does not run as root
    chmod 711 "$folder"
    server=$(id -un postgres 2>/dev/null || echo nobody)
fi
as_server() {
    if [ "$server" = "$(id -un)" ]; then "$@"; else
        (cd / && setpriv --reuid "$server" --regid "$(id -g "$server")" --clear-groups "$@")
    fi
}
if [ ! -d "$cluster" ]; then # made beside its place: what was killed meanwhile is made anew
    rm -rf "$cluster.new"
    install -d -o "$server" -m 700 "$cluster.new"
    as_server initdb --pgdata="$cluster.new" --username="$(id -un)" --auth-local=peer --auth-host=reject \
        --encoding=UTF8 --locale=C.UTF-8 --lc-messages=C --data-checksums >/dev/null
    mv "$cluster.new" "$cluster"
fi
if ! as_server pg_ctl status --pgdata="$cluster" >/dev/null; then
    as_server pg_ctl start --wait --silent --pgdata="$cluster" --log="$cluster/log" \
        --options="-c listen_addresses= -c log_min_error_statement=panic -c unix_socket_directories='$cluster'" \
        >/dev/null
fi
psql --quiet --host="$cluster" --dbname=postgres --tuples-only \
    --command="SELECT 1 FROM pg_database WHERE datname = 'stays'" | grep -q 1 ||
    createdb --host="$cluster" stays
[ -e "$folder/lake.toml" ] || cat >"$folder/lake.toml" <<END
catalogue = "host='$cluster' port=$PGPORT dbname=stays"
files = "files"
key = "key"
END
shift
exec "$python" -m pipelines lake create --lake "$folder/lake.toml" "$@"
