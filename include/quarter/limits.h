/* Bounds that every program shares. What comes from outside is checked against them once, at the edge. */
#ifndef QUARTER_LIMITS_H
#define QUARTER_LIMITS_H

enum {
    QUARTER_CODE_MAX = 32,  /* bytes of a code: [a-z0-9_-], e.g. "housing_options", "kiosk-1" */
    QUARTER_ULID_LEN = 26,  /* Crockford base 32, https://github.com/ulid/spec */
    QUARTER_DAY_LEN = 10,   /* "2026-11-24", in the site's zone */
    QUARTER_NUMBER_MAX = 7, /* prefix (1-3 capitals) and number: "H07", "HB104" */
    QUARTER_PREFIX_MAX = 3,
    QUARTER_NUMBER_TOP = 999, /* of a prefix in a day */
    QUARTER_HASH_LEN = 64,    /* SHA-256 in hex */
    QUARTER_KEY_MIN = 8,      /* Idempotency-Key: visible ASCII */
    QUARTER_KEY_MAX = 128,
    QUARTER_ACTOR_MAX = 64, /* "local", later "device:..." and "person:..." */
    QUARTER_SERVICES_MAX = 64,
    QUARTER_COUNTERS_MAX = 64,
    QUARTER_LANGUAGES_MAX = 16,
    QUARTER_NEEDS_MAX = 16,
    QUARTER_CLOSURES_MAX = 128,   /* days of a site */
    QUARTER_SITE_BYTES = 1 << 20, /* the document of GET /api/site */
    QUARTER_TICKETS_MAX = 100000, /* a day */
    QUARTER_QUESTIONS_MAX = 32,   /* of a site */
    QUARTER_ANSWER_CHOICES_MAX = 8,
    QUARTER_SERVICE_QUESTIONS_MAX = 3, /* along any route to a ticket */
    QUARTER_SIGNPOSTS_MAX = 32,
    QUARTER_ALSO_MAX = 12,   /* other names of a service, a language */
    QUARTER_ANSWERS_MAX = 8, /* answers a visit */
    QUARTER_ANSWER_BYTES = 1000,
    QUARTER_BODY_BYTES = 16384,       /* a request */
    QUARTER_NAME_LETTERS = 60,        /* of a group, a service or an answer, on its tile */
    QUARTER_ANSWER_DIGITS_MAX = 20,   /* of a number typed */
    QUARTER_ANSWER_LETTERS_MAX = 200, /* of a text typed: at most 4 bytes each */
    QUARTER_SCANS_MAX = 4,            /* beginnings of a service's scanned codes */
    QUARTER_SCAN_MAX = 16,            /* bytes of such a beginning: visible ASCII */
    QUARTER_AVOIDABLE_MAX = 16,       /* reasons why a visit could have been avoided */
    QUARTER_URL_MAX = 200,
    QUARTER_MOVED_MAX = 20,   /* services named when a counter is moved to others */
    QUARTER_NOTICES_MAX = 6,  /* shown at once */
    QUARTER_PAIRING_MIN = 10, /* minutes in which an administrator can let a device in */
};

#endif
