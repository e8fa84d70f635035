#!/bin/sh
# A real IPP Everywhere printer on this machine, for tests and for the demo: CUPS's own `ippeveprinter`, told by
# ticket-printer.conf to be an 80 mm receipt printer at 203 dpi. No cupsd and no avahi: a private D-Bus is enough,
# for ippeveprinter insists on one even with DNS-SD off.
#
#   ippeveprinter.sh start DIR [PORT [pwg|escpos]]   starts it, waits until it answers, prints its URI (also in DIR/uri);
#                                               PORT 0: any; escpos: takes nothing but raw bytes, as in front of ESC/POS
#   ippeveprinter.sh paper DIR full|low|empty   what its web page's media form would send
#   ippeveprinter.sh stop DIR                   stops it and its bus; DIR/jobs keeps what was printed
#
# Each job is kept as DIR/jobs/ID-NAME.pwg or .dat (an empty .prn beside it; NAME: the job's name in small letters). If DIR/on-job is executable it
# runs for each job, with the job file as $1: exit status 1 aborts the job, lines "STATE: +cover-open" on its standard error
# set and clear ("STATE: -cover-open") printer-state-reasons, and the job lasts as long as it does. Without it
# a job is done at once.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/process.sh
. "$here/process.sh"
PATH=$PATH:/usr/sbin:/sbin

usage() {
    sed -n '2,/^set/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
    exit 2
}

fail() {
    echo "ippeveprinter.sh: $1" >&2
    [ ! -s "$dir/log" ] || tail -n 5 "$dir/log" >&2
    exit 1
}

answers() {
    ipptool -q -T 2 "$1" get-printer-attributes.test >/dev/null 2>&1
}

start_bus() {
    # A socket's path has room for 108 bytes only, so it lives in /tmp, however deep DIR is.
    bus=$(mktemp -d /tmp/quarter-bus.XXXXXX)
    echo "$bus" >"$dir/bus"
    cat >"$bus/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$bus/socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/> <allow eavesdrop="true"/> <allow own="*"/>
  </policy>
</busconfig>
END
    dbus-daemon --config-file="$bus/bus.conf" --fork --print-pid >"$dir/bus.pid" 2>"$dir/bus.log" ||
        fail "no private D-Bus: $(cat "$dir/bus.log")"
}

start() {
    for program in dbus-daemon ippeveprinter ipptool; do
        command -v "$program" >/dev/null || fail "$program is missing (Debian: dbus, cups-ipp-utils)"
    done
    mkdir -p "$dir/jobs" "$dir/keys"
    [ ! -e "$dir/pid" ] || stop
    start_bus
    : >"$dir/log"
    [ "$port" != 0 ] || port=$(free_port)
    # -a excludes -f; the formats it then offers are PWG raster and Apple raster, as a driverless printer's are.
    case "$format" in
    pwg) set -- -a "$here/ticket-printer.conf" ;;
    escpos) set -- -f application/vnd.cups-raw ;;
    *) usage ;;
    esac
    DBUS_SYSTEM_BUS_ADDRESS="unix:path=$bus/socket" QUARTER_PRINTER_DIR="$dir" nohup ippeveprinter -v -p "$port" \
        -n localhost -d "$dir/jobs" -K "$dir/keys" -k -r off "$@" \
        -c "$here/ippeveprinter-job.sh" "Ticket printer" >"$dir/log" 2>&1 </dev/null &
    echo "$format" >"$dir/format"
    echo $! >"$dir/pid"
    wait_ready
}

wait_ready() {
    tries=0
    while [ $tries -lt 100 ]; do
        found=$(sed -n 's,^printer-uri-supported="\(ipp://[^"]*\)".*,\1,p' "$dir/log" | head -n 1)
        if [ -n "$found" ] && answers "$found"; then
            echo "$found" >"$dir/uri"
            echo "$found"
            return
        fi
        alive "$(cat "$dir/pid")" || fail "ippeveprinter ended at once"
        tries=$((tries + 1))
        sleep 0.1
    done
    stop
    fail "ippeveprinter does not answer"
}

stop() {
    end_process "$dir/pid" 4
    end_process "$dir/bus.pid" 4
    if [ -s "$dir/bus" ]; then
        old=$(cat "$dir/bus")
        rm -f "$old/bus.conf" "$old/socket" "$dir/bus"
        rmdir "$old" 2>/dev/null || true
    fi
    rm -f "$dir/uri"
}

paper() {
    case "$1" in
    full) level=250 ;;
    low) level=5 ;;
    empty) level=0 ;;
    *) usage ;;
    esac
    [ -s "$dir/uri" ] || fail "not running in $dir"
    # The form of its /media page, by GET: size0, type0 and level0 (sheets) of the first media source. Without a file of
    # attributes it is an office printer with sheets in sources 1 and 3.
    media="size0=om_80x200_80x200mm&type0=continuous&level0=$level"
    [ "$(cat "$dir/format")" = pwg ] || media="size1=na_letter_8.5x11in&level1=$level&level3=$level"
    curl -fsS -m 5 -o /dev/null \
        "http://$(sed 's,^ipp://\([^/]*\)/.*,\1,' "$dir/uri")/media?$media"
}

[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
case "$1" in
start)
    port=${3:-0}
    format=${4:-pwg}
    start
    ;;
stop) stop ;;
paper)
    [ $# -eq 3 ] || usage
    paper "$3"
    ;;
*) usage ;;
esac
