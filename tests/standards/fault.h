/* Faults made on purpose, one at a time (--fault NAME): a gate that does not see the one it is there for guards nothing. */
#ifndef QUARTER_STANDARDS_FAULT_H
#define QUARTER_STANDARDS_FAULT_H

#include <stdbool.h>

/* name, code, the gate that must fail, the part that looks, what is wrong then */
#define FAULT_LIST(X)                                                                              \
    X(BOUNCES, "bounces", "5.8-double-strike", "scripts")  /* every strike counts */               \
    X(REPEATS, "repeats", "5.7-key-repeat", "scripts")     /* a held key strikes on */             \
    X(HASTY, "hasty", "2.2.1-time-to-answer", "scripts")   /* 15 s to answer */                    \
    X(IMPATIENT, "impatient", "2.2.1-extended", "scripts") /* "I'm still here" is not heeded */    \
    X(SUDDEN, "sudden", "2.2.1-two-senses", "scripts")     /* the question is not shown */         \
    X(FIDGETS, "fidgets", "2.2.2-moves", "scripts")        /* something moves all the time */      \
    X(REMEMBERS, "remembers", "gdpr-forgotten", "scripts") /* what was typed stays */              \
    X(DETOUR, "detour", "three-touches", "scripts")        /* "Get my ticket" asks twice */        \
    X(TRAP, "trap", "way-out", "pages")                    /* nothing leads back */                \
    X(DEAD, "dead", "5.9-one-finger", "pages")             /* a button does nothing */             \
    X(MUTE, "mute", "5.1.3-spoken", "speech")              /* nothing is said */                   \
    X(ONCE, "once", "5.1.3.4-repeat", "speech")            /* repeat says nothing */               \
    X(ALOUD, "aloud", "5.1.3.9-private", "speech")         /* answers are said to everybody */     \
    X(FOREIGN, "foreign", "5.1.3.14-language", "speech")   /* the wrong voice */                   \
    X(HIDES, "hides", "deaf-call-stays", "display")        /* a standing call is not shown */      \
    X(CONFUSES, "confuses", "deaf-recall", "display")      /* sound and picture differ */          \
    X(BLINKS, "blinks", "2.3.1-flashes", "display")        /* the frame flickers */                \
    X(TELLS, "tells", "gdpr-public", "server")             /* others hear what was typed */        \
    X(LEAKS, "leaks", "gdpr-plain", "server")              /* it is written into a log */          \
    X(HOARDS, "hoards", "gdpr-days", "server")             /* it is kept for good */               \
    X(KEEPS, "keeps", "gdpr-gone", "server")               /* backups outlive its end */           \
    X(DUMB, "dumb", "2.2.1-time-spoken", "speech")         /* the question is not said */          \
    X(SHRINKS, "shrinks", "1.4.4-text-size", "sizes")      /* larger is smaller */                 \
    X(STAYS, "stays", "1.4.4-text-grows", "sizes")         /* larger is not larger */

enum fault {
    FAULT_NONE,
#define X(name, code, gate, part) FAULT_##name,
    FAULT_LIST(X)
#undef X
};

#endif
