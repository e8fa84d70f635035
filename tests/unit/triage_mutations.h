/* For test_site_triage.c: what is replaced in tests/unit/sites/triage, by what, and what is then told of it. "..." at
 * the end: what follows are only consequences. */
#ifndef QUARTER_TESTS_TRIAGE_MUTATIONS_H
#define QUARTER_TESTS_TRIAGE_MUTATIONS_H

enum triage_file { SITE, ENGLISH, POLISH, FILES };

struct mutation {
    enum triage_file file;
    const char *from, *to;
    const char *told; /* every line of the report, each ended by a line break */
};

static const struct mutation mutations[] = {
    {SITE,
     "      - {code: ask}\n      - {code: fine, service: parking}\n      - {code: copy, signpost: "
     "online, avoidable: wrong_place}\n",
     "",
     "site.yaml:25:7: the question 'about' has only one answer; a choice of one needs at least "
     "two, or it leads nowhere\n"
     "site.yaml:31:12: warning: no answer ends at the signpost 'online'; add 'signpost: online' to "
     "one\n"
     "text.en.yaml:22:15: unknown answer 'ask'; that question has these: tonight\n"
     "text.en.yaml:22:32: unknown answer 'fine'; that question has these: tonight\n"
     "text.en.yaml:22:46: unknown answer 'copy'; that question has these: tonight\n"
     "text.pl.yaml:23:15: unknown answer 'ask'; that question has these: tonight\n"
     "text.pl.yaml:23:29: unknown answer 'fine'; that question has these: tonight\n"
     "text.pl.yaml:23:43: unknown answer 'copy'; that question has these: tonight\n"},
    {SITE, "answers: [{code: letter, needs: [bsl]}, {code: bill, avoidable: chasing}]",
     "answers: []",
     "site.yaml:30:44: the question 'papers' has no answers; nobody could choose any\n"
     "text.en.yaml:26:44: unknown answer 'letter'; that question has none\n"
     "text.en.yaml:26:62: unknown answer 'bill'; that question has none\n"
     "text.pl.yaml:27:47: unknown answer 'letter'; that question has none\n"
     "text.pl.yaml:27:61: unknown answer 'bill'; that question has none\n"},
    {SITE, ", answers: [{code: letter, needs: [bsl]}, {code: bill, avoidable: chasing}]", "",
     "site.yaml:30:12: the question 'papers' has no answers; nobody could choose any\n"
     "text.en.yaml:26:44: unknown answer 'letter'; that question has none\n"
     "text.en.yaml:26:62: unknown answer 'bill'; that question has none\n"
     "text.pl.yaml:27:47: unknown answer 'letter'; that question has none\n"
     "text.pl.yaml:27:61: unknown answer 'bill'; that question has none\n"},
    {SITE, "kind: one\n", "kind: single\n",
     "site.yaml:23:11: 'kind' is 'single'; it must be one or several or yes_no or number or "
     "text\n"},
    {SITE, "kind: one\n", "kind: several\n",
     "site.yaml:26:31: several answers may be chosen here, so none can lead to a service; write "
     "'kind: one', or leave 'service' out\n"
     "site.yaml:27:32: several answers may be chosen here, so none can end at a signpost; write "
     "'kind: one', or leave 'signpost' out\n"},
    {SITE, "{code: fine, service: parking}", "{code: fine, service: parkng}",
     "site.yaml:26:31: unknown service 'parkng'; did you mean 'parking'?\n"},
    {SITE, "{code: fine, service: parking}", "{code: fine, service: cinema}",
     "site.yaml:26:31: unknown service 'cinema'; site.yaml has these: housing, parking, waste\n"},
    {SITE, "{code: fine, service: parking}", "{code: fine, service: housing}",
     "site.yaml:26:31: a loop: 'housing' asks 'about', and the answer 'fine' leads to 'housing' "
     "again; leave 'service' out: who gives this answer stays\n"},
    {SITE, "{code: fine, service: parking}", "{code: fine, service: parking, signpost: online}",
     "site.yaml:26:50: an answer leads to a service or ends at a signpost, not both; leave one "
     "out\n"},
    {SITE, "questions: [reference], scan", "questions: [about], ask: first, scan",
     "site.yaml:26:31: a loop: 'parking' asks 'about', and the answer 'fine' leads to 'parking' "
     "again; leave 'service' out: who gives this answer stays\n"
     "site.yaml:31:12: warning: no service asks the question 'reference'; add it to the "
     "'questions' of one\n"},
    {SITE, "questions: [reference], scan", "questions: [reference, papers, children, story], scan",
     "site.yaml:26:31: who comes for 'housing' and answers 'fine' here is asked 4 questions and "
     "more; at most 3, wherever answers lead\n"
     "site.yaml:37:101: the service 'parking' asks 4 questions; a visitor is asked at most 3\n"},
    {SITE, "questions: [reference], scan", "questions: [reference, story, children], scan",
     "site.yaml:26:31: who comes for 'housing' and answers 'fine' here is asked 4 questions and "
     "more; at most 3, wherever answers lead\n"},
    {SITE, "questions: [reference], scan", "questions: [referense], scan",
     "site.yaml:37:72: unknown question 'referense'; did you mean 'reference'?\n"},
    {SITE, "questions: [reference], scan", "scan",
     "site.yaml:31:12: warning: no service asks the question 'reference'; add it to the "
     "'questions' of one\n"},
    {SITE, "questions: [reference], scan", "ask: first, questions: [], scan",
     "site.yaml:31:12: warning: no service asks the question 'reference'; add it to the "
     "'questions' of one\n"
     "site.yaml:37:65: warning: there is nothing to ask; add 'questions', or leave 'ask' out\n"},
    {SITE, ", ask: first, scan: [HB]", ", scan: [HB]",
     "site.yaml:36:73: the answer 'fine' of 'about' leads to another service, so 'housing' must "
     "ask it before the ticket: write 'ask: first'\n"},
    {SITE, ", ask: first, scan: [HB]", ", ask: never, scan: [HB]",
     "site.yaml:36:104: 'ask' is 'never'; it must be first or later\n"},
    {SITE, "scan: [HB]", "scan: [pcn]",
     "site.yaml:37:91: codes that begin with 'PCN' are those of 'housing' already (line 36); the "
     "beginnings must differ\n"},
    {SITE, "scan: [HB]", "scan: [\"H B\"]",
     "site.yaml:36:118: 'scan' is 'H B'; it must be what scanned codes begin with: 1 to 16 "
     "letters, digits and signs\n"},
    {SITE, "scan: [HB]", "scan: [A, B, C, D, E]",
     "site.yaml:36:130: 'scan' has too many entries; at most 4\n"},
    {SITE, "{code: copy, signpost: online, avoidable: wrong_place}",
     "{code: copy, signpost: onlin}",
     "site.yaml:27:32: unknown signpost 'onlin'; did you mean 'online'?\n"},
    {SITE, "{code: copy, signpost: online, avoidable: wrong_place}", "{code: copy}",
     "site.yaml:34:12: warning: no answer ends at the signpost 'online'; add 'signpost: online' to "
     "one\n"},
    {SITE, "class: urgent", "class: transfer",
     "site.yaml:28:32: 'class' is 'transfer'; it must be assisted or urgent\n"},
    {SITE, "needs: [interpreter]", "needs: [interpretr]",
     "site.yaml:28:48: unknown need 'interpretr'; did you mean 'interpreter'?\n"},
    {SITE, "needs: [interpreter]", "needs: []",
     "site.yaml:28:47: 'needs' is empty; name at least one need\n"},
    {SITE, "needs: [interpreter]", "avoidable: Not Online",
     "site.yaml:28:51: 'avoidable' is 'Not Online'; it must be a code of at most 32 signs from "
     "a-z, 0-9, _ and -\n"},
    {SITE, "needs: [bsl, interpreter]", "needs: [bsl]",
     "site.yaml:28:48: warning: who comes for 'housing' and answers 'tonight' asks for "
     "'interpreter', but no counter that serves 'housing' meets it; add it to the 'needs' of "
     "one\n"},
    {SITE, "languages: [en], needs: [bsl, interpreter]}",
     "languages: [en], needs: [interpreter]}\n  - {code: \"2\", services: [parking], languages: "
     "[en], needs: [bsl]}",
     "site.yaml:30:68: warning: who comes for 'housing' and answers 'letter' asks for 'bsl', but "
     "no counter that serves 'housing' meets it; add it to the 'needs' of one\n"
     "text.en.yaml:15:11: the name of the counter '2' is missing; English needs it, since it is "
     "shown where a language has no words\n"},
    {SITE, "{code: \"no\"}", "{code: maybe}",
     "site.yaml:29:53: a question of kind yes_no has the answers yes and no, not 'maybe'; for "
     "others, write 'kind: one'\n"},
    {SITE, "{code: \"no\"}", "{code: yess}",
     "site.yaml:29:53: a question of kind yes_no has the answers yes and no, not 'yess'; did you "
     "mean 'yes'?\n"},
    {SITE, "{code: \"no\"}", "{code: \"yes\"}",
     "site.yaml:29:68: the answer 'yes' stands here twice; the first is in line 29\n"},
    {SITE, "kind: yes_no", "kind: one",
     "text.en.yaml:25:14: the answer 'no' of the question 'children' is missing; English needs it, "
     "since it is shown where a language has no words\n"},
    {SITE, "kind: number, digits: 8", "kind: number",
     "site.yaml:31:12: the question 'reference' does not say how many digits may be typed; add "
     "'digits', at most 20\n"},
    {SITE, "kind: number, digits: 8", "kind: number, digits: 21",
     "site.yaml:31:45: 'digits' is '21'; it must be a whole number from 1 to 20\n"},
    {SITE, "kind: number, digits: 8", "kind: number, digits: 8, letters: 8",
     "site.yaml:31:57: a question of kind number has no 'letters'; leave it out\n"},
    {SITE, "kind: number, digits: 8", "kind: number, digits: 8, answers: [{code: a}, {code: b}]",
     "site.yaml:31:57: a question of kind number is answered by typing; leave 'answers' out, or "
     "write 'kind: one'\n"},
    {SITE, "kind: text, letters: 200", "kind: text, digits: 8",
     "site.yaml:32:12: the question 'story' does not say how many letters may be typed; add "
     "'letters', at most 200\n"
     "site.yaml:32:39: a question of kind text has no 'digits'; leave it out\n"},
    {SITE, "kind: text, letters: 200", "kind: text, letters: 201",
     "site.yaml:32:40: 'letters' is '201'; it must be a whole number from 1 to 200\n"},
    {SITE, "{code: letter, needs: [bsl]}", "{code: letter, service: waste}",
     "site.yaml:30:69: several answers may be chosen here, so none can lead to a service; write "
     "'kind: one', or leave 'service' out\n"},
    {SITE, "{code: letter, needs: [bsl]}", "{code: letter, signpost: online}",
     "site.yaml:30:70: several answers may be chosen here, so none can end at a signpost; write "
     "'kind: one', or leave 'signpost' out\n"},
    {SITE, "{code: letter, needs: [bsl]}", "{code: letter, anwser: x}",
     "site.yaml:30:60: unknown key 'anwser' of an answer; it may have code, service, signpost, "
     "class, needs, avoidable\n"},
    {SITE, "{code: letter, needs: [bsl]}", "{code: bill}",
     "site.yaml:30:66: the answer 'bill' stands here twice; the first is in line 30\n"},
    {SITE, "{code: letter, needs: [bsl]}",
     "{code: a0}, {code: a1}, {code: a2}, {code: a3}, {code: a4}, {code: a5}, {code: a6}, {code: "
     "a7}",
     "site.yaml:30:141: 'answers' has too many entries; at most 8\n"
     "..."},
    {SITE, "code: papers", "code: about",
     "site.yaml:30:12: the question 'about' stands here twice; the first is in line 22\n"},
    {SITE, "url: \"https://www.example.gov.uk/bill\"", "url: \"http://www.example.gov.uk/bill\"",
     "site.yaml:34:25: 'url' is 'http://www.example.gov.uk/bill'; it must be an address that "
     "begins with https://\n"},
    {SITE, "print: true", "print: yes",
     "site.yaml:34:67: 'print' is 'yes'; it must be true or false\n"},
    {SITE, "services: [housing, parking, waste], languages: [en]",
     "services: [housing, waste], languages: [en]",
     "site.yaml:37:12: no counter serves 'parking', where the answer 'fine' of 'about' leads "
     "visitors (line 26); add it to the services of one\n"},
    {SITE,
     "groups:\n  - {code: home, services: [housing]}\n  - {code: travel, services: [parking, "
     "waste]}",
     "groups:\n  - {code: home, services: [housing]}\n  - {code: travel, services: [waste]}",
     "site.yaml:37:12: the service 'parking' is in no group, so no visitor can choose it; add it "
     "to one under 'groups'\n"},
    {ENGLISH, "title: What is it about?", "hint: so",
     "text.en.yaml:20:5: the title of the question 'about' is missing; English needs it, since it "
     "is shown where a language has no words\n"
     "text.en.yaml:21:5: the key 'hint' stands here twice; the first is in line 20\n"},
    {ENGLISH, "title: What is it about?\n",
     "title: Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why Why "
     "Why Why Why Why Why \n",
     "text.en.yaml:20:12: 'title' is too long (103 letters, at most 100 fit): 'Why Why Why Why Why "
     "Why Why Why Why Why Why Why Why Why Why ...'\n"},
    {ENGLISH, "copy: A copy, ", "cpy: A copy, ",
     "text.en.yaml:22:46: unknown answer 'cpy'; did you mean 'copy'?\n"},
    {ENGLISH, "copy: A copy, ", "receipt: A copy, ",
     "text.en.yaml:22:14: the answer 'copy' of the question 'about' is missing; English needs it, "
     "since it is shown where a language has no words\n"
     "text.en.yaml:22:46: unknown answer 'receipt'; that question has these: ask, fine, copy, "
     "tonight\n"},
    {ENGLISH, "tonight: Tonight",
     "tonight: WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
     "text.en.yaml:22:69: 'answers' is too long (61 letters, at most 60 fit): "
     "'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW'\n"},
    {ENGLISH, "yes_no: {yes: \"Yes\", no: \"No\"}\n", "",
     "text.en.yaml:18:3: the word for yes, in 'yes_no', is missing; English needs it, since it is "
     "shown where a language has no words\n"
     "text.en.yaml:18:3: the word for no, in 'yes_no', is missing; English needs it, since it is "
     "shown where a language has no words\n"},
    {ENGLISH, "{\"yes\": \"Yes, with me\"}", "{\"yes\": \"Yes, with me\", maybe: Perhaps}",
     "text.en.yaml:25:38: unknown answer 'maybe'; that question has these: yes, no\n"},
    {ENGLISH, "{title: Which number?}", "{title: Which number?, answers: {one: One}}",
     "text.en.yaml:27:47: unknown answer 'one'; that question has none\n"},
    {ENGLISH, ", text: All bills are online.", "",
     "text.en.yaml:30:11: the text of the signpost 'online' is missing; English needs it, since it "
     "is shown where a language has no words\n"},
    {ENGLISH, ", text: All bills are online.",
     ", text: "
     "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
     "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
     "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
     "WWWWWWWWWWWWWWWWWWWWWW",
     "text.en.yaml:30:38: 'text' is too long (301 letters, at most 300 fit): "
     "'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW...'\n"},
    {ENGLISH, "also: [fine, ticket]",
     "also: [fine, n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11]",
     "text.en.yaml:12:94: 'also' has too many entries; at most 12\n"},
    {ENGLISH, "also: [fine, ticket]", "also: [WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW]",
     "text.en.yaml:12:43: 'also' is too long (41 letters, at most 40 fit): "
     "'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW'\n"},
    {ENGLISH, "online: {title", "offline: {title",
     "text.en.yaml:30:3: unknown signpost 'offline'; did you mean 'online'?\n"},
    {POLISH, "    hint: żeby pomóc\n", "",
     "text.pl.yaml:21:5: warning: the hint of the question 'about' is missing; English is shown\n"},
    {POLISH, "copy: Kopia, ", "",
     "text.pl.yaml:23:14: warning: the answer 'copy' of the question 'about' is missing; English "
     "is shown\n"},
    {POLISH, "    answers: {\"yes\": \"Tak, ze mną\"}\n", "",
     "text.pl.yaml:25:5: warning: the answer 'yes' of the question 'children' is missing; English "
     "is shown\n"},
    {POLISH, "yes_no: {yes: Tak, no: Nie}", "yes_no: {yes: Tak}",
     "text.pl.yaml:18:9: warning: the word for no, in 'yes_no', is missing; English is shown\n"},
    {POLISH, ", also: [mandat]", "",
     "text.pl.yaml:13:12: warning: 'also' of the service 'parking' is missing; only its English "
     "names are found\n"},
    {POLISH, "  story: {title: Co się stało?}\n", "",
     "text.pl.yaml:20:3: warning: the title of the question 'story' is missing; English is "
     "shown\n"},
    {POLISH, "title: W internecie, ", "",
     "text.pl.yaml:31:11: warning: the title of the signpost 'online' is missing; English is "
     "shown\n"},
    {SITE, "{code: reference, kind: number, digits: 8}",
     "{code: reference, kind: yes_no, answers: [{code: \"yes\", service: housing}]}",
     "site.yaml:31:70: a loop: from 'parking' the answer 'yes' of 'reference' leads back to "
     "'housing', from where visitors came; leave one of the ways out\n"
     "site.yaml:37:72: the answer 'yes' of 'reference' leads to another service, so 'parking' must "
     "ask it before the ticket: write 'ask: first'\n"},
    {SITE, "questions: [reference], scan", "questions: [reference, story], scan", ""},
    {SITE, "needs: [bsl, interpreter]", "needs: [interpreter]",
     "site.yaml:20:12: warning: no counter meets the hard need 'bsl', so nobody who asks for it is "
     "called; add it to the 'needs' of one, or write 'hard: false'\n"},
    {SITE, "kind: yes_no, answers: [{code: \"no\"}",
     "kind: yes_no, answers: [{code: \"no\", service: housing}",
     "site.yaml:29:68: a loop: 'housing' asks 'children', and the answer 'no' leads to 'housing' "
     "again; leave 'service' out: who gives this answer stays\n"
     "site.yaml:38:77: the answer 'no' of 'children' leads to another service, so 'waste' must ask "
     "it before the ticket: write 'ask: first'\n"},
    {SITE, "avoidable: chasing}]}\n",
     "avoidable: chasing}]}\n  - {code: q0, kind: several, answers: [{code: a0, avoidable: r0}, "
     "{code: a1, avoidable: r1}, {code: a2, avoidable: r2}, {code: a3, avoidable: r3}, {code: a4, "
     "avoidable: r4}, {code: a5, avoidable: r5}, {code: a6, avoidable: r6}, {code: a7, avoidable: "
     "r7}]}\n  - {code: q1, kind: several, answers: [{code: a0, avoidable: r8}, {code: a1, "
     "avoidable: r9}, {code: a2, avoidable: r10}, {code: a3, avoidable: r11}, {code: a4, "
     "avoidable: r12}, {code: a5, avoidable: r13}, {code: a6, avoidable: r14}, {code: a7, "
     "avoidable: r15}]}\n",
     "site.yaml:31:12: warning: no service asks the question 'q0'; add it to the 'questions' of "
     "one\n"
     "site.yaml:32:12: warning: no service asks the question 'q1'; add it to the 'questions' of "
     "one\n"
     "site.yaml:32:229: 'r14' is one more than 16 reasons in 'avoidable'; use fewer, or nobody "
     "will compare them\n"
     "..."},
    {ENGLISH, "All bills are online.", "\xf0\x9f\x93\xb1 All bills", ""},
    {ENGLISH, "All bills are online.", "All \xef\xbf\xbe bills",
     "text.en.yaml:30:42: the control character U+FFFE; leave it out\n"},
};

#endif
