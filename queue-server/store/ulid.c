/* ULIDs: time first, so that they sort as they were made; the rest is chance. */
#include "store/ulid.h"

#include <sodium.h>
#include <string.h>

#include "quarter/check.h"

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const int64_t last_time = (INT64_C(1) << 48) - 1;

static void write_text(int64_t at_ms, const unsigned char random[10], char out[])
{
    unsigned char bytes[16];
    for (int i = 0; i < 6; i++)
        bytes[i] = (unsigned char)((uint64_t)at_ms >> (40 - 8 * i));
    memcpy(bytes + 6, random, 10);

    /* 26 letters hold 130 bits: the first letter starts two bits before the first byte. */
    for (int letter = 0; letter < QUARTER_ULID_LEN; letter++) {
        unsigned value = 0;
        for (int bit = letter * 5 - 2; bit < letter * 5 + 3; bit++)
            value = value << 1 | (bit < 0 ? 0 : bytes[bit / 8] >> (7 - bit % 8) & 1U);
        out[letter] = letters[value];
    }
    out[QUARTER_ULID_LEN] = '\0';
}

void ulid_make(int64_t at_ms, char out[QUARTER_ULID_LEN + 1])
{
    CHECK(at_ms >= 0 && at_ms <= last_time);
    CHECK(sodium_init() >= 0);
    unsigned char random[10];
    randombytes_buf(random, sizeof random);
    write_text(at_ms, random, out);
}

void ulid_next(struct ulid_source *source, int64_t at_ms, char out[QUARTER_ULID_LEN + 1])
{
    CHECK(at_ms >= 0 && at_ms <= last_time);
    CHECK(sodium_init() >= 0);
    if (at_ms > source->last_ms) {
        source->last_ms = at_ms;
        randombytes_buf(source->random, sizeof source->random);
        source->random[0] &= 0x7f; /* leaves room to count up: 2^79 steps within one millisecond */
    } else {
        int i = 9;
        while (i >= 0 && ++source->random[i] == 0)
            i--;
        CHECK(i >= 0);
    }
    write_text(source->last_ms, source->random, out);
}

bool ulid_resume(struct ulid_source *source, const char *last)
{
    unsigned char bytes[16] = {0};
    if (strlen(last) != QUARTER_ULID_LEN || last[0] > '7') /* 26 letters hold two bits too many */
        return false;
    for (int letter = 0; letter < QUARTER_ULID_LEN; letter++) {
        const char *found = strchr(letters, last[letter]);
        if (!found)
            return false;
        unsigned value = (unsigned)(found - letters);
        for (int i = 0; i < 5; i++) {
            int bit = letter * 5 - 2 + i;
            if (bit >= 0 && value >> (4 - i) & 1U)
                bytes[bit / 8] |= (unsigned char)(1U << (7 - bit % 8));
        }
    }
    source->last_ms = 0;
    for (int i = 0; i < 6; i++)
        source->last_ms = source->last_ms << 8 | bytes[i];
    memcpy(source->random, bytes + 6, sizeof source->random);
    return true;
}
