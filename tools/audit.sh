#!/bin/sh
# Write what a server installs as a CycloneDX bill of materials (sbom.json; no network needed), then
# look for known holes in it, and in what tests and builds install (network needed). It fails where
# there is one, and where it could not look: then nobody knows.
# Other files may be named: tools/audit.sh requirements/run.txt

set -u
bin=$(dirname "${PYTHON:-.venv/bin/python}")
[ $# -gt 0 ] || set -- requirements/run.txt requirements/dev.txt

"$bin/cyclonedx-py" requirements requirements/run.txt --output-format JSON --output-file sbom.json \
    2>/dev/null || { echo "sbom.json could not be written." >&2; exit 1; }
echo "Written: sbom.json"

failed=0
for file in "$@"; do
    told=$("$bin/pip-audit" --require-hashes --disable-pip --progress-spinner off --timeout 10 \
        --requirement "$file" 2>&1) || failed=1
    case $told in *Traceback* | *ServiceError*)
        echo "$file: nothing was checked for known holes: $(echo "$told" | tail -n 1 | cut -c 1-200)" >&2
        failed=1
        continue ;;
    esac
    # What is for another system or Python is left out, and not counted either.
    unknown=$(echo "$told" | grep -c 'could not be audited')
    echo "$told" | grep -v -e 'could not be audited' -e 'Skip Reason' -e '^-* -*$'
    if [ "$unknown" -gt 0 ]; then
        echo "$file: the service that knows of holes had no answer for $unknown packages of up to" \
            "$(grep -c '==' "$file"), so they were not checked." >&2
        failed=1
    else
        echo "$file: every package was checked for known holes."
    fi
done
exit $failed
