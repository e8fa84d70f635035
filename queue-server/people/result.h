/* What came of something asked of people.h: the stable `type` of a problem document (RFC 9457) as "/problems/CODE",
 * its HTTP status, and the English sentence a person reads. */
#ifndef QUARTER_PEOPLE_RESULT_H
#define QUARTER_PEOPLE_RESULT_H

/* Those that no other part of the server tells likewise (http/problem.h). */
#define PEOPLE_PROBLEM_LIST(X)                                                                     \
    X(WRONG_PASSWORD, "wrong-password", 401, "The name or the password is wrong.")                 \
    X(ONE_TIME_OVER, "one-time-over", 401,                                                         \
      "This one-time password is too old. Ask an administrator for a new one.")                    \
    X(BAD_NAME, "bad-name", 422, "A name to sign in with has 2 to 64 letters, digits or . - _ @.") \
    X(BAD_DISPLAY_NAME, "bad-display-name", 422, "A name to show has 1 to 64 letters.")            \
    X(BAD_ROLES, "bad-roles", 422, "Choose at least one role.")                                    \
    X(BAD_CODE, "bad-code", 422, "A code has up to 32 small letters, digits, - and _.")            \
    X(NAME_TAKEN, "name-taken", 409, "Somebody signs in with that name already.")                  \
    X(PASSWORD_SHORT, "password-short", 422, "A password has at least 12 letters.")                \
    X(PASSWORD_LONG, "password-long", 422, "A password has at most 128 letters.")                  \
    X(PASSWORD_LETTERS, "password-letters", 422, "A password has no control letters.")             \
    X(PASSWORD_COMMON, "password-common", 422,                                                     \
      "That password is among the first that anybody tries. Choose another.")                      \
    X(PASSWORD_SAME, "password-same", 422, "Choose a password other than the last one.")           \
    X(LAST_ADMIN, "last-admin", 409, "Somebody has to be administrator. Name another one first.")  \
    X(UNKNOWN_PERSON, "unknown-person", 404, "There is no such person.")                           \
    X(UNKNOWN_SESSION, "unknown-session", 404, "There is no such session.")                        \
    X(UNKNOWN_DEVICE, "no-such-device", 404, "There is no such device.")                           \
    X(TOO_MANY_PEOPLE, "too-many-people", 409, "No more people can be added.")                     \
    X(TOO_MANY_DEVICES, "too-many-devices", 409, "No more devices can be paired.")                 \
    X(DEVICE_TAKEN, "device-taken", 409, "There is a device of that name already.")                \
    X(SET_UP_OVER, "set-up-over", 409,                                                             \
      "There is no set-up to do, or its code is used up. Start the server again for a new code.")  \
    X(WRONG_SET_UP_CODE, "wrong-set-up-code", 401, "That is not the set-up code.")                 \
    X(TOO_MANY_PAIRINGS, "too-many-pairings", 503,                                                 \
      "Too many devices ask to be paired. Try again in some minutes.")                             \
    X(PAIRING_OVER, "pairing-over", 410, "This device has to ask to be paired anew.")              \
    X(WRONG_PAIRING_CODE, "wrong-letters", 422,                                                    \
      "That is not what the device's screen shows. Look again.")                                   \
    X(WRONG_REVEAL, "wrong-reveal", 400, "The device did not keep to what it said first.")

#define PEOPLE_RESULT_LIST(X)                                                                      \
    X(OK, "ok", 200, "Done.")                                                                      \
    X(TOO_BUSY, "too-busy", 503, "Too many people are signing in. Try again in a moment.")         \
    X(NO_SESSION, "no-session", 401, "Nobody is signed in here any more. Sign in again.")          \
    X(PAIRING_WAITS, "pairing-waits", 202, "Nobody has approved this device yet.")                 \
    X(NOT_STORED, "not-stored", 503, "It could not be stored. Nothing was changed.")               \
    X(WAIT, "wait-a-little", 429, "Too many wrong tries. Wait a little, then try again.")          \
    PEOPLE_PROBLEM_LIST(X)

enum people_result {
#define X(name, code, http_status, sentence) PEOPLE_##name,
    PEOPLE_RESULT_LIST(X)
#undef X
};

const char *people_result_code(enum people_result result);

#endif
