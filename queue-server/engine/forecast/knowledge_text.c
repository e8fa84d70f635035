/* Knowledge as text: words and whole numbers separated by single spaces, a line each, in one fixed order; numbers are
 * exact (millionths), so that reading gives back what was written. The last line is a checksum over all before it. */
#include "engine/forecast/knowledge_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/knowledge_state.h"
#include "quarter/check.h"

enum { VERSION = 1, CHECKSUM_DIGITS = 16, WORD_MAX = 40 };

static const char *const lag_names[LAG_KINDS] = {"walk", "no_show", "gap", "booked"};

static uint64_t checksum(const char *text, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* ---- Writing */

struct writer {
    char *text;
    size_t length, capacity;
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *writer, const char *format,
                                                      ...)
{
    if (writer->capacity - writer->length < 256) {
        writer->capacity = writer->capacity == 0 ? 16384 : writer->capacity * 2;
        writer->text = realloc(writer->text, writer->capacity);
        CHECK(writer->text != NULL);
    }
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(writer->text + writer->length, 256, format, arguments);
    va_end(arguments);
    CHECK(length > 0 && length < 256);
    writer->length += (size_t)length;
}

static void put_sums(struct writer *writer, const char *name, const int64_t *sums, int count)
{
    put(writer, "%s", name);
    for (int i = 0; i < count; i++) {
        put(writer, " %" PRId64, sums[i]);
    }
    put(writer, "\n");
}

static void put_lag(struct writer *writer, const char *name, const struct lag_memory *lag)
{
    put(writer, "%s %" PRId64 " %" PRId64 " %" PRId32, name, lag->all, lag->over, lag->ring.count);
    for (int i = 0; i < lag->ring.count; i++) {
        const struct seen_value *seen = &lag->seen[ring_at(&lag->ring, KNOWLEDGE_LAGS, i)];
        put(writer, " %" PRId32 " %" PRId32, seen->day, seen->value_ms);
    }
    put(writer, "\n");
}

static void put_service(struct writer *writer, const struct service_memory *service,
                        int service_count)
{
    put(writer, "service %s %" PRId32 " %" PRId64 "\n", service->code, service->last_day,
        service->legs);
    put_sums(writer, "to", service->transferred, service_count);
    put_sums(writer, "walk_ins", service->arrived[CROWD_WALK_IN], KNOWLEDGE_QUARTERS);
    put_sums(writer, "bookings", service->arrived[CROWD_BOOKED], KNOWLEDGE_QUARTERS);
    put(writer, "visits %" PRId32, service->ring.count);
    for (int i = 0; i < service->ring.count; i++) {
        const struct seen_visit *seen = &service->seen[ring_at(&service->ring, KNOWLEDGE_SEEN, i)];
        put(writer, " %" PRId32 " %" PRId32 " %d %d", seen->day, seen->duration_ms, seen->counter,
            seen->lacks_language);
    }
    put(writer, "\n");
}

char *knowledge_write(const struct knowledge *knowledge, int64_t through_seq)
{
    struct writer writer = {0};
    put(&writer, "knowledge %d %" PRId64 " %" PRId32 " %s %d\n", VERSION, through_seq,
        knowledge->days, knowledge->day[0] == '\0' ? "-" : knowledge->day, knowledge->open_until);
    put_sums(&writer, "sums", knowledge->sums, SUM_KINDS);
    put_sums(&writer, "open_quarters", knowledge->open_quarters, KNOWLEDGE_QUARTERS);
    put_sums(&writer, "weekday_walk_ins", knowledge->weekday_walk_ins, KNOWLEDGE_WEEKDAYS);
    put_sums(&writer, "weekday_quarters", knowledge->weekday_quarters, KNOWLEDGE_WEEKDAYS);
    for (int crowd = 0; crowd < KNOWLEDGE_CROWDS; crowd++) {
        put_sums(&writer, "left", knowledge->patience[crowd].left, PATIENCE_SPANS);
        put_sums(&writer, "exposed", knowledge->patience[crowd].exposed_ms, PATIENCE_SPANS);
    }
    for (int i = 0; i < LAG_KINDS; i++) {
        put_lag(&writer, lag_names[i], &knowledge->lags[i]);
    }
    put(&writer, "languages %d", knowledge->language_count);
    for (int i = 0; i < knowledge->language_count; i++) {
        put(&writer, " %s %" PRId64, knowledge->languages[i].code, knowledge->languages[i].arrived);
    }
    put(&writer, "\ncounters %d", knowledge->counter_count);
    for (int i = 0; i < knowledge->counter_count; i++) {
        put(&writer, " %s %" PRId32, knowledge->counters[i].code, knowledge->counters[i].last_day);
    }
    put(&writer, "\nservices %d\n", knowledge->service_count);
    for (int i = 0; i < knowledge->service_count; i++) {
        put_service(&writer, knowledge->services[i], knowledge->service_count);
    }
    put(&writer, "checksum %0*" PRIx64 "\n", CHECKSUM_DIGITS, checksum(writer.text, writer.length));
    CHECK(writer.length <= KNOWLEDGE_TEXT_BYTES);
    return writer.text;
}

bool knowledge_equal(const struct knowledge *a, const struct knowledge *b)
{
    char *text_a = knowledge_write(a, 0);
    char *text_b = knowledge_write(b, 0);
    const bool equal = strcmp(text_a, text_b) == 0;
    free(text_a);
    free(text_b);
    return equal;
}

/* ---- Reading: after the first fault everything reads as 0 or "", and the end says so. */

struct reader {
    const char *at, *end;
    bool faulty;
};

/* The next word, and the one space or newline after it. */
static void take_word(struct reader *reader, char word[WORD_MAX])
{
    size_t length = 0;
    while (reader->at<reader->end && * reader->at> ' ' && *reader->at < 0x7f &&
           length + 1 < WORD_MAX) {
        word[length++] = *reader->at++;
    }
    word[length] = '\0';
    if (length == 0 || reader->at == reader->end || (*reader->at != ' ' && *reader->at != '\n')) {
        reader->faulty = true;
    } else {
        reader->at++;
    }
    if (reader->faulty) {
        word[0] = '\0';
    }
}

static void expect(struct reader *reader, const char *wanted)
{
    char word[WORD_MAX] = "";
    take_word(reader, word);
    reader->faulty |= strcmp(word, wanted) != 0;
}

static int64_t take_number(struct reader *reader, int64_t least, int64_t most)
{
    char word[WORD_MAX] = "";
    take_word(reader, word);
    const bool negative = word[0] == '-';
    const char *digits = negative ? word + 1 : word;
    const size_t length = strlen(digits);
    if (length == 0 || length > 18 || strspn(digits, "0123456789") != length) {
        reader->faulty = true;
        return 0;
    }
    int64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        value = value * 10 + (digits[i] - '0');
    }
    value = negative ? -value : value;
    if (value < least || value > most) {
        reader->faulty = true;
        return 0;
    }
    return value;
}

static void take_code(struct reader *reader, char code[QUARTER_CODE_MAX + 1])
{
    char word[WORD_MAX] = "";
    take_word(reader, word);
    if (reader->faulty || !knowledge_is_code(word)) {
        reader->faulty = true;
        return;
    }
    memcpy(code, word, strlen(word) + 1);
}

static void take_sums(struct reader *reader, const char *name, int64_t *sums, int count)
{
    expect(reader, name);
    for (int i = 0; i < count && !reader->faulty; i++) {
        sums[i] = take_number(reader, 0, sum_max);
    }
}

static void take_lag(struct reader *reader, struct lag_memory *lag, enum lag_kind kind, int days)
{
    const int64_t least = kind == LAG_BOOKED ? -OFFSET_MAX_MS : LAG_ZERO_MS + 1;
    const int64_t most = kind == LAG_BOOKED ? OFFSET_MAX_MS : LAG_MAX_MS;
    expect(reader, lag_names[kind]);
    lag->all = take_number(reader, 0, sum_max);
    lag->over = take_number(reader, 0, lag->all);
    const int count = (int)take_number(reader, 0, KNOWLEDGE_LAGS);
    for (int i = 0; i < count && !reader->faulty; i++) {
        struct seen_value *seen = &lag->seen[ring_push(&lag->ring, KNOWLEDGE_LAGS)];
        seen->day = (int32_t)take_number(reader, 0, days);
        seen->value_ms = (int32_t)take_number(reader, least, most);
    }
}

static void take_languages(struct reader *reader, struct knowledge *knowledge)
{
    expect(reader, "languages");
    const int count = (int)take_number(reader, 0, KNOWLEDGE_LANGUAGES);
    for (int i = 0; i < count && !reader->faulty; i++) {
        struct language_memory *language = &knowledge->languages[knowledge->language_count++];
        take_code(reader, language->code);
        language->arrived = take_number(reader, 0, sum_max);
        for (int j = 0; j < i; j++) {
            reader->faulty |= strcmp(language->code, knowledge->languages[j].code) == 0;
        }
    }
}

static void take_counters(struct reader *reader, struct knowledge *knowledge)
{
    expect(reader, "counters");
    const int count = (int)take_number(reader, 0, KNOWLEDGE_COUNTERS);
    for (int i = 0; i < count && !reader->faulty; i++) {
        char code[QUARTER_CODE_MAX + 1] = "";
        take_code(reader, code);
        reader->faulty |= knowledge_find_counter(knowledge, code) >= 0;
        struct counter_memory *counter = &knowledge->counters[knowledge->counter_count++];
        memcpy(counter->code, code, sizeof(counter->code));
        counter->last_day = (int32_t)take_number(reader, 0, knowledge->days);
    }
}

static void take_service(struct reader *reader, struct knowledge *knowledge, int service_count)
{
    char code[QUARTER_CODE_MAX + 1] = "";
    expect(reader, "service");
    take_code(reader, code);
    reader->faulty |= knowledge_find_service(knowledge, code) >= 0;
    struct service_memory *service = knowledge_new_service(knowledge, code);
    service->last_day = (int32_t)take_number(reader, 0, knowledge->days);
    service->legs = take_number(reader, 0, sum_max);
    take_sums(reader, "to", service->transferred, service_count);
    take_sums(reader, "walk_ins", service->arrived[CROWD_WALK_IN], KNOWLEDGE_QUARTERS);
    take_sums(reader, "bookings", service->arrived[CROWD_BOOKED], KNOWLEDGE_QUARTERS);
    expect(reader, "visits");
    const int count = (int)take_number(reader, 0, KNOWLEDGE_SEEN);
    for (int i = 0; i < count && !reader->faulty; i++) {
        struct seen_visit *seen = &service->seen[ring_push(&service->ring, KNOWLEDGE_SEEN)];
        seen->day = (int32_t)take_number(reader, 0, knowledge->days);
        seen->duration_ms = (int32_t)take_number(reader, 1, DURATION_MAX_MS);
        seen->counter = (int16_t)take_number(reader, -1, knowledge->counter_count - 1);
        seen->lacks_language = take_number(reader, 0, 1) == 1;
    }
}

static void take_day(struct reader *reader, struct knowledge *knowledge)
{
    char word[WORD_MAX] = "";
    take_word(reader, word);
    const size_t length = strlen(word);
    reader->faulty |= length > QUARTER_DAY_LEN || strspn(word, "0123456789-") != length;
    if (!reader->faulty && strcmp(word, "-") != 0) {
        memcpy(knowledge->day, word, length + 1);
    }
}

static void take_all(struct reader *reader, struct knowledge *knowledge, int64_t *through_seq)
{
    expect(reader, "knowledge");
    (void)take_number(reader, VERSION, VERSION);
    *through_seq = take_number(reader, 0, INT64_MAX);
    knowledge->days = (int32_t)take_number(reader, 0, INT32_MAX - 1);
    take_day(reader, knowledge);
    knowledge->open_until = (int)take_number(reader, 0, KNOWLEDGE_QUARTERS);
    take_sums(reader, "sums", knowledge->sums, SUM_KINDS);
    take_sums(reader, "open_quarters", knowledge->open_quarters, KNOWLEDGE_QUARTERS);
    take_sums(reader, "weekday_walk_ins", knowledge->weekday_walk_ins, KNOWLEDGE_WEEKDAYS);
    take_sums(reader, "weekday_quarters", knowledge->weekday_quarters, KNOWLEDGE_WEEKDAYS);
    for (int crowd = 0; crowd < KNOWLEDGE_CROWDS; crowd++) {
        take_sums(reader, "left", knowledge->patience[crowd].left, PATIENCE_SPANS);
        take_sums(reader, "exposed", knowledge->patience[crowd].exposed_ms, PATIENCE_SPANS);
    }
    for (int i = 0; i < LAG_KINDS; i++) {
        take_lag(reader, &knowledge->lags[i], (enum lag_kind)i, knowledge->days);
    }
    take_languages(reader, knowledge);
    take_counters(reader, knowledge);
    expect(reader, "services");
    const int count = (int)take_number(reader, 0, KNOWLEDGE_SERVICES);
    for (int i = 0; i < count && !reader->faulty; i++) {
        take_service(reader, knowledge, count);
    }
}

static bool checksum_holds(const char *text, size_t length)
{
    char last[64];
    const size_t last_length = strlen("checksum \n") + CHECKSUM_DIGITS;
    if (length < last_length || length > KNOWLEDGE_TEXT_BYTES) {
        return false;
    }
    snprintf(last, sizeof(last), "checksum %0*" PRIx64 "\n", CHECKSUM_DIGITS,
             checksum(text, length - last_length));
    return memcmp(text + length - last_length, last, last_length) == 0;
}

enum status knowledge_read(struct knowledge *knowledge, const char *text, size_t length,
                           int64_t *through_seq)
{
    knowledge_clear(knowledge);
    if (!checksum_holds(text, length)) {
        return STATUS_CORRUPT;
    }
    struct reader reader = {.at = text, .end = text + length};
    int64_t seq = 0;
    take_all(&reader, knowledge, &seq);
    expect(&reader, "checksum");
    if (reader.faulty || (size_t)(reader.end - reader.at) != CHECKSUM_DIGITS + 1) {
        knowledge_clear(knowledge);
        return STATUS_CORRUPT;
    }
    *through_seq = seq;
    return STATUS_OK;
}
