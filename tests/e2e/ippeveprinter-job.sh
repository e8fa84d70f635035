#!/bin/sh
# What ippeveprinter runs for each job (its -c option): a test's DIR/on-job when there is one, else the job is done
# at once. Without a command ippeveprinter sleeps 5 to 15 s, to look like a printer.
set -eu
if [ -x "${QUARTER_PRINTER_DIR:-}/on-job" ]; then
    exec "$QUARTER_PRINTER_DIR/on-job" "$@"
fi
