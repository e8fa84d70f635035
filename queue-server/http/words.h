/* The interface words of the pages, as JSON {"msgid": "msgstr"}. */
#ifndef QUARTER_HTTP_WORDS_H
#define QUARTER_HTTP_WORDS_H

/* From ASSETS/locale/LANGUAGE/quarter.mo; {} when there is none, so that pages show English. The caller frees.
 * Messages with plural forms are the programs' own and are left out. */
char *words_json(const char *assets_dir, const char *language);

#endif
