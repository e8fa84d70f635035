#!/bin/sh
# A print server of one's own, for tests: the real cupsd on a loopback port, with its configuration, spool and logs in one
# folder; the system's own cupsd, if any, is left alone. Its queues are raw, as for a receipt printer without IPP.
#
#   cupsd.sh start DIR             starts it, waits until it answers, prints its port (also in DIR/port)
#   cupsd.sh queue DIR NAME URI    makes a raw queue to a device (socket://..., ipp://..., file:...), prints its URI
#   cupsd.sh disable|enable|reject|accept DIR NAME    what an operator does to a queue: hold what it has, or take nothing
#   cupsd.sh stop DIR              stops it
#
# Started by root it runs as root and its backends as lp, as always; by anybody else, all as that user.
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
    echo "cupsd.sh: $1" >&2
    [ ! -s "$dir/error_log" ] || tail -n 15 "$dir/error_log" >&2
    [ ! -s "$dir/out" ] || tail -n 5 "$dir/out" >&2
    exit 1
}

# Nobody but this machine gets in, and whoever does may do all: there is nobody to ask for a password.
configure() {
    user=$(id -un) group=$(id -gn)
    [ "$(id -u)" -ne 0 ] || user=lp group=lp
    cat >"$dir/cupsd.conf" <<END
LogLevel debug
Listen 127.0.0.1:$port
Browsing No
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
END
    cat >"$dir/cups-files.conf" <<END
ServerRoot $dir
RequestRoot $dir/spool
TempDir $dir/spool/tmp
CacheDir $dir/cache
StateDir $dir/state
AccessLog $dir/access_log
ErrorLog $dir/error_log
PageLog $dir/page_log
Printcap $dir/printcap
User $user
Group $group
SystemGroup lpadmin
FileDevice Yes
Sandboxing relaxed
END
}

start() {
    for program in cupsd lpadmin; do
        command -v "$program" >/dev/null || fail "$program is missing (Debian: cups, cups-client)"
    done
    mkdir -p "$dir/spool/tmp" "$dir/cache" "$dir/state"
    chmod 755 "$dir"
    port=$(free_port)
    configure
    # As an operator starts it, in the foreground, but nobody's child here: tests end it by its number.
    nohup cupsd -f -c "$dir/cupsd.conf" -s "$dir/cups-files.conf" >"$dir/out" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    echo "$port" >"$dir/port"
    tries=0
    until lpstat -h "127.0.0.1:$port" -r 2>/dev/null | grep -q 'is running'; do
        alive "$(cat "$dir/pid")" || fail "cupsd ended at once"
        tries=$((tries + 1))
        [ $tries -lt 100 ] || fail "cupsd does not answer"
        sleep 0.1
    done
    echo "$port"
}

[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
[ ! -s "$dir/port" ] || { CUPS_SERVER=127.0.0.1:$(cat "$dir/port") && export CUPS_SERVER; }
case "$1" in
start) start ;;
stop) end_process "$dir/pid" 30 ;;
queue)
    [ $# -eq 4 ] || usage
    # No -m: without a model a queue is raw. lpadmin warns that drivers are deprecated, which is for them, not for us.
    lpadmin -p "$3" -E -v "$4" 2>"$dir/lpadmin.log" || fail "lpadmin: $(cat "$dir/lpadmin.log")"
    echo "ipp://$CUPS_SERVER/printers/$3"
    ;;
disable | enable | reject | accept)
    [ $# -eq 3 ] || usage
    "cups$1" "$3"
    ;;
*) usage ;;
esac
