#!/bin/sh
# Collect, build, publish, and say at the end what a person should look at. From a timer: docs/deploy.md.
# LIBEROMETRO_SITE: the folder to publish to. LIBEROMETRO_URL: where it is served. LIBEROMETRO_KEY: the private
# key, may be left out. LIBEROMETRO_SITUATION: which situation, the default one if left out. LIBEROMETRO_COLLECT=no:
# nothing is collected, for who adds reports by hand.
set -u
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
# build that a check stops ends the run here, and the site stays as it was.
"$python" -m pipelines build || exit 1
"$python" -m dashboards publish "$site" --day today --bundle "$site.zip" "$@" \
    ${LIBEROMETRO_URL:+--base-url "$LIBEROMETRO_URL"} ${LIBEROMETRO_KEY:+--key "$LIBEROMETRO_KEY"} || exit 1
"$python" -m dashboards verify "$site" || exit 1

"$python" -m pipelines status --alert "$@" >/dev/null
silent=$?
if [ "$collected" -ne 0 ]; then exit "$collected"; fi
exit "$silent"
