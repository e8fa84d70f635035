/* See find.h. Texts are folded letter by letter (letters.h) into words and compared; a site has some thousand words at
 * most, so nothing is kept between two keys. */
#include "view/find.h"

#include <stdlib.h>
#include <string.h>

#include "view/letters.h"

enum { TYPED_WORDS_MAX = 6, WORD_LETTERS_MAX = 40, INSIDE_FROM = 3, NEAR_FROM = 4 };

struct word {
    int length;
    uint32_t letters[WORD_LETTERS_MAX];
};

/* How well a word typed was found; less is better. */
enum grade {
    GRADE_FIRST_WORD, /* begins the name */
    GRADE_NAME,
    GRADE_ALSO,
    GRADE_ENGLISH,
    GRADE_HINT,
    GRADE_INSIDE,
    GRADE_NEAR,
    GRADE_NOT,
};

/* The next word of a text, folded; false: there is none. */
static bool next_word(const char **text, struct word *word)
{
    word->length = 0;
    while (**text != '\0') {
        uint32_t letter;
        const char *behind = letters_next(*text, &letter);
        uint32_t folded = letters_fold(letter);
        if (folded == ' ' && word->length > 0)
            return true;
        *text = behind;
        if (folded != ' ' && folded != 0 && word->length < WORD_LETTERS_MAX)
            word->letters[word->length++] = folded;
    }
    return word->length > 0;
}

static bool starts(const struct word *whole, int from, const struct word *start)
{
    return whole->length - from >= start->length &&
           memcmp(whole->letters + from, start->letters,
                  (size_t)start->length * sizeof start->letters[0]) == 0;
}

static bool holds_inside(const struct word *whole, const struct word *part)
{
    for (int from = 1; part->length >= INSIDE_FROM && from < whole->length; from++)
        if (starts(whole, from, part))
            return true;
    return false;
}

/* The start of `whole` is `typed` but for one letter: another, one too many, one missing, or two that changed places. */
static bool nearly_starts(const struct word *whole, const struct word *typed)
{
    int same = 0;
    if (typed->length < NEAR_FROM || whole->length < typed->length - 1)
        return false;
    while (same < typed->length && same < whole->length &&
           whole->letters[same] == typed->letters[same])
        same++;
    if (same == 0) /* the first letter is seldom wrong, and most words differ by it */
        return false;
    static const struct {
        int of_whole, of_typed;
    } skips[] = {{1, 1}, {1, 0}, {0, 1}};
    for (size_t i = 0; i < sizeof skips / sizeof skips[0]; i++) {
        int at = same + skips[i].of_typed, in = same + skips[i].of_whole;
        struct word rest = {.length = typed->length - at};
        if (rest.length < 1 || in > whole->length) /* a wrong last letter is just another word */
            continue;
        memcpy(rest.letters, typed->letters + at, (size_t)rest.length * sizeof rest.letters[0]);
        if (starts(whole, in, &rest))
            return true;
    }
    bool swapped = same + 1 < typed->length && same + 1 < whole->length &&
                   typed->letters[same] == whole->letters[same + 1] &&
                   typed->letters[same + 1] == whole->letters[same];
    struct word rest = {.length = swapped ? typed->length - same - 2 : 0};
    if (swapped)
        memcpy(rest.letters, typed->letters + same + 2,
               (size_t)rest.length * sizeof rest.letters[0]);
    return swapped && starts(whole, same + 2, &rest);
}

/* The best that `typed` finds in a text whose words are worth `grade`. */
static enum grade grade_in(const char *text, const struct word *typed, enum grade grade)
{
    struct word word;
    enum grade best = GRADE_NOT;
    if (text == NULL)
        return best;
    for (bool first = true; next_word(&text, &word); first = false) {
        enum grade is = starts(&word, 0, typed)
                            ? (first && grade == GRADE_NAME ? GRADE_FIRST_WORD : grade)
                        : holds_inside(&word, typed)  ? GRADE_INSIDE
                        : nearly_starts(&word, typed) ? GRADE_NEAR
                                                      : GRADE_NOT;
        best = is < best ? is : best;
    }
    return best;
}

static enum grade better(enum grade a, enum grade b)
{
    return a < b ? a : b;
}

static enum grade grade_of(const struct site_info *site, const struct site_service *service,
                           int language, const struct word *typed)
{
    int english = site_info_find_language(site, "en");
    const char *code = language >= 0 ? site->languages[language].code : NULL;
    enum grade best = grade_in(site_info_text(site, &service->name, code), typed, GRADE_NAME);
    best = better(best, grade_in(site_info_text(site, &service->hint, code), typed, GRADE_HINT));
    for (int i = 0; i < service->also_count; i++) {
        if (language >= 0)
            best = better(best, grade_in(service->also[i].in[language], typed, GRADE_ALSO));
        if (english >= 0 && english != language)
            best = better(best, grade_in(service->also[i].in[english], typed, GRADE_ENGLISH));
    }
    if (english >= 0 && english != language)
        best = better(best, grade_in(service->name.in[english], typed, GRADE_ENGLISH));
    return best;
}

struct match {
    int service, grade;
};

static int compare(const void *a, const void *b)
{
    const struct match *first = a, *second = b;
    return first->grade != second->grade ? first->grade - second->grade
                                         : first->service - second->service;
}

int find_services(const struct site_info *site, const char *language, const char *typed,
                  int found[QUARTER_SERVICES_MAX])
{
    struct word words[TYPED_WORDS_MAX];
    struct match matches[QUARTER_SERVICES_MAX];
    int word_count = 0, count = 0;
    while (word_count < TYPED_WORDS_MAX && next_word(&typed, &words[word_count]))
        word_count++;
    int in = site_info_find_language(site, language);
    for (int i = 0; i < site->service_count; i++) {
        int sum = 0;
        bool all = true;
        for (int w = 0; w < word_count; w++) {
            enum grade grade = grade_of(site, &site->services[i], in, &words[w]);
            all = all && grade != GRADE_NOT;
            sum += (int)grade;
        }
        if (all)
            matches[count++] = (struct match){i, sum};
    }
    qsort(matches, (size_t)count, sizeof matches[0], compare);
    for (int i = 0; i < count; i++)
        found[i] = matches[i].service;
    return count;
}
