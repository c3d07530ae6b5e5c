#!/bin/sh
# Collect, build, publish, and say at the end what a person should look at. From a timer: docs/deploy.md.
# LIBEROMETRO_SITE: the folder to publish to. LIBEROMETRO_URL: where it is served. LIBEROMETRO_KEY: the private
# key, may be left out. LIBEROMETRO_SITUATION: which situation, the default one if left out. LIBEROMETRO_COLLECT=no:
# nothing is collected, for who adds reports by hand.
set -u
umask 077  # a site states its own modes; everything else is ours
cd "$(dirname "$0")/.." || exit 1
python=${LIBEROMETRO_PYTHON:-.venv/bin/python}
site=${LIBEROMETRO_SITE:?name the folder to publish to}
set -- ${LIBEROMETRO_SITUATION:+--situation "$LIBEROMETRO_SITUATION"}

collected=0
if [ "${LIBEROMETRO_COLLECT:-yes}" != no ]; then
    "$python" -m pipelines collect "$@"
    collected=$?
fi

# What was collected waits for a person; only accepted figures are in a build, so only those are published. A
# build that a check stops ends the run here, and the site stays as it was. One that only the store for other
# machines did not get (5) is published here.
"$python" -m pipelines build
built=$?
if [ "$built" -ne 0 ] && [ "$built" -ne 5 ]; then exit 1; fi
"$python" -m dashboards publish "$site" --day today --bundle "$site.zip" "$@" \
    ${LIBEROMETRO_URL:+--base-url "$LIBEROMETRO_URL"} ${LIBEROMETRO_KEY:+--key "$LIBEROMETRO_KEY"} || exit 1
# What was written is read again: signed by this key, or by none where there is none.
if [ -n "${LIBEROMETRO_KEY:-}" ]; then
    public=$(mktemp) && "$python" -m dashboards keys "$LIBEROMETRO_KEY" --show >"$public" 2>/dev/null &&
        "$python" -m dashboards verify "$site" --public-key "$public"
else
    "$python" -m dashboards verify "$site" --unsigned
fi
verified=$?
rm -f "${public:-}"
if [ "$verified" -ne 0 ]; then exit 1; fi

"$python" -m pipelines status --alert "$@" >/dev/null
silent=$?
if [ "$built" -ne 0 ]; then exit "$built"; fi
if [ "$collected" -ne 0 ]; then exit "$collected"; fi
exit "$silent"
