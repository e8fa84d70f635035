/* See keyboards.h. */
#include "view/keyboards.h"

#include <stddef.h>
#include <string.h>

#include "quarter/check.h"
#include "view/letters.h"

enum { KEYBOARDS_MAX = 3 };

static const struct keyboard latin = {.sign = "ABC",
                                      .language = "en",
                                      .rows = 3,
                                      .row = {"qwertyuiop", "asdfghjkl", "zxcvbnm"},
                                      .extra = "'-"};
static const struct keyboard polish = {.sign = "ABC",
                                       .language = "pl",
                                       .rows = 4,
                                       .row = {"qwertyuiop", "asdfghjkl", "zxcvbnm", "ąćęłńóśźż"},
                                       .extra = "'-"};
static const struct keyboard figures = {.sign = "123",
                                        .language = "en",
                                        .rows = 3,
                                        .row = {"1234567890", "-/:;()&@£+", ".,?!'\"#%"},
                                        .extra = ""};
static const struct keyboard arabic = {.sign = "ابت",
                                       .language = "ar",
                                       .rows = 3,
                                       .row = {"اأإآبتثجحخدذ", "رزسشصضطظعغفق", "كلمنهةويىئؤء"},
                                       .extra = "،."};
static const struct keyboard urdu = {
    .sign = "ابپ",
    .language = "ur",
    .rows = 4,
    .row = {"اآبپتٹثجچحخد", "ڈذرڑزژسشصضطظ", "عغفقکگلمنںوہ", "ھءیےئؤۂۃ"},
    .extra = "،۔"};
static const struct keyboard devanagari = {
    .sign = "कखग",
    .language = "hi",
    .rows = 4,
    .row = {"अआइईउऊऋएऐओऔः", "कखगघङचछजझञटठ", "डढणतथदधनपफबभ", "मयरलवशषसह\u0902\u0901\u093c"},
    .signs = "\u094d\u093e\u093f\u0940\u0941\u0942\u0943\u0947\u0948\u094b\u094c\u0903",
    .extra = "\u0949।"};
static const struct keyboard bengali = {
    .sign = "কখগ",
    .language = "bn",
    .rows = 4,
    .row = {"অআইঈউঊঋএঐওঔ\u0983", "কখগঘঙচছজঝঞটঠ", "ডঢণতথদধনপফবভ",
            "মযরলশষসহ\u09dc\u09df\u0982\u09ce"},
    .signs = "\u09cd\u09be\u09bf\u09c0\u09c1\u09c2\u09c3\u09c7\u09c8\u09cb\u09cc\u0981",
    .extra = "\u09dd\u0981"};
static const struct keyboard gurmukhi = {
    .sign = "ਕਖਗ",
    .language = "pa",
    .rows = 4,
    .row = {"ਅਆਇਈਉਊਏਐਓਔ\u0a70\u0a02", "ਸਹਕਖਗਘਙਚਛਜਝਞ", "ਟਠਡਢਣਤਥਦਧਨਪਫ",
            "ਬਭਮਯਰਲਵ\u0a5c\u0a36\u0a5b\u0a5e\u0a71"},
    .signs = "\u0a4d\u0a3e\u0a3f\u0a40\u0a41\u0a42\u0a47\u0a48\u0a4b\u0a4c\u0a70\u0a02",
    .extra = "\u0a3c।"};
static const struct keyboard gujarati = {
    .sign = "કખગ",
    .language = "gu",
    .rows = 4,
    .row = {"અઆઇઈઉઊઋએઐઓઔ\u0a83", "કખગઘઙચછજઝઞટઠ", "ડઢણતથદધનપફબભ", "મયરલવશષસહળ\u0a82\u0ac9"},
    .signs = "\u0acd\u0abe\u0abf\u0ac0\u0ac1\u0ac2\u0ac3\u0ac7\u0ac8\u0acb\u0acc\u0a83",
    .extra = "\u0a91'"};

static const struct {
    const char *language;
    int count;
    const struct keyboard *keyboards[KEYBOARDS_MAX];
} languages[] = {
    {"en", 2, {&latin, &figures}},
    {"pl", 2, {&polish, &figures}},
    {"ar", 3, {&arabic, &latin, &figures}},
    {"ur", 3, {&urdu, &latin, &figures}},
    {"hi", 3, {&devanagari, &latin, &figures}},
    {"bn", 3, {&bengali, &latin, &figures}},
    {"pa", 3, {&gurmukhi, &latin, &figures}},
    {"gu", 3, {&gujarati, &latin, &figures}},
};
enum { LANGUAGES = sizeof languages / sizeof languages[0] };

/* The first, English, stands for those without letters of their own. */
static size_t find(const char *language)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(languages[i].language, language) == 0)
            return i;
    return 0;
}

int keyboards_count(const char *language)
{
    return languages[find(language)].count;
}

const struct keyboard *keyboards_get(const char *language, int index)
{
    size_t at = find(language);
    CHECK(index >= 0);
    return languages[at].keyboards[index % languages[at].count];
}

int keyboard_keys(const struct keyboard *keyboard, int row, const char *typed,
                  uint32_t keys[KEYBOARD_ROW_KEYS_MAX])
{
    CHECK(row >= 0 && row <= keyboard->rows);
    const char *letters = row == keyboard->rows ? keyboard->extra : keyboard->row[row];
    if (row == 0 && keyboard->signs != NULL && letters_is_consonant(letters_last(typed)))
        letters = keyboard->signs;
    int count = 0;
    while (*letters != '\0') {
        CHECK(count < KEYBOARD_ROW_KEYS_MAX);
        letters = letters_next(letters, &keys[count++]);
    }
    return count;
}

const char *keyboard_label(uint32_t key, char label[KEYBOARD_LABEL_BYTES])
{
    enum { DOTTED_CIRCLE = 0x25cc };
    size_t length = 0;
    if (letters_joins(key))
        length = letters_write(DOTTED_CIRCLE, label);
    length += letters_write(key, label + length);
    label[length] = '\0';
    return label;
}
