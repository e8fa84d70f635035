# What the printer and the print server of the tests have in common; read in by their scripts with `.`.

# A process that ended but that nobody has waited for (a container without an init) does not count.
alive() {
    kill -0 "$1" 2>/dev/null && ! grep -q ') Z ' "/proc/$1/stat" 2>/dev/null
}

# end_process FILE TENTHS: ends the process whose number is in the file; by force after so many tenths of a second.
end_process() {
    [ -s "$1" ] || return 0
    pid=$(cat "$1")
    kill "$pid" 2>/dev/null || true
    tries=0
    while alive "$pid"; do
        [ $tries -lt "$2" ] || kill -9 "$pid" 2>/dev/null || true
        [ $tries -lt $(($2 + 20)) ] || break
        tries=$((tries + 1))
        sleep 0.1
    done
    rm -f "$1"
}

# Left to themselves servers take the first free port from the same number on: one that another test stops would be taken
# over by a third, and look as if it had never gone.
free_port() {
    candidate=$((10000 + $$ % 20000))
    while grep -qi ":$(printf %04x $candidate) " /proc/net/tcp /proc/net/tcp6 2>/dev/null; do
        candidate=$((candidate + 1))
    done
    echo "$candidate"
}
