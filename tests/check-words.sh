#!/bin/sh
# Fails when a string of the interface has no translation in some language: takes every string out of the sources with
# xgettext and merges it into each assets/locale/LANG.po; what then stands untranslated or fuzzy is listed.
# Started from the project's root; an argument names another folder of .po files (for the test of this test).
set -eu
locale=${1:-assets/locale}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find kiosk display printer -name '*.c' | sort > "$work/c-files"
find queue-server/web -name '*.js' -not -path '*/node_modules/*' | sort > "$work/js-files"
# The catalogue's own look-ups, what views wrap round them, and marked tables.
xgettext --from-code=UTF-8 -L C -k -kcatalogue_text:2 -kcatalogue_plural:2,3 -kCATALOGUE_MARK -kview_say:2 -ktile_word:3 \
    -kwords_one:2 -kcontact_say:2 -o "$work/c.pot" --force-po -f "$work/c-files"
xgettext --from-code=UTF-8 -L JavaScript -k -ksay -kmark -o "$work/js.pot" --force-po -f "$work/js-files"
# Why a command was refused is said by the pages: the sentences stand fourth in X(NAME, "code", status, "sentence").
# Of people's results those that are problems of their own.
sed -n '/define PEOPLE_PROBLEM_LIST/,/^$/p' queue-server/people/result.h > "$work/results.h"
xgettext --from-code=UTF-8 -L C -k -kX:4 -o "$work/problems.pot" include/quarter/refusal.h \
    queue-server/http/problem.h "$work/results.h"
msgcat --use-first --force-po -o "$work/all.pot" "$work/c.pot" "$work/js.pot" "$work/problems.pot"

failed=0
for po in "$locale"/*.po; do
    msgmerge --quiet --no-fuzzy-matching --no-wrap -o "$work/merged.po" "$po" "$work/all.pot"
    for kind in untranslated only-fuzzy; do
        # the file as it is, too: words that stand in tables are looked up by name and escape xgettext
        msgattrib --$kind --no-wrap "$po" > "$work/own.po"
        msgattrib --$kind --no-obsolete --no-wrap "$work/merged.po" > "$work/sources.po"
        cat "$work/own.po" "$work/sources.po" > "$work/found.po"
        if grep -q '^msgid ".' "$work/found.po"; then
            echo "$po: $kind:" >&2
            grep -E '^(#:|msgid)' "$work/found.po" | grep -v '^msgid ""$' >&2
            failed=1
        fi
    done
done
exit $failed
