/* Reads the bodies of requests about people and devices, as request.h does those about the queue. Strings are borrowed from
 * the object; what a name or a password may be is for people/ to say. */
#ifndef QUARTER_HTTP_REQUEST_PEOPLE_H
#define QUARTER_HTTP_REQUEST_PEOPLE_H

#include "http/request.h"
#include "people/people.h"

typedef bool people_reader(json_t *object, struct people_request *request, struct fault *fault);

/* Each fills its fields of the request; false: fault says why. */
people_reader request_read_sign_in;  /* name, password */
people_reader request_read_set_up;   /* code, name, password[, display, language, roles] */
people_reader request_read_password; /* password, new_password */
people_reader request_read_person;   /* name, roles[, display, language] */
people_reader request_read_change;   /* display, roles, language, what is to change of them */
people_reader request_read_approval; /* letters, code */
people_reader request_read_machine;  /* code */
people_reader request_read_no_more;  /* {} */

/* kind, code, commitment; the code is borrowed. */
bool request_read_pair(json_t *object, struct pairing_ask *ask, struct fault *fault);
bool request_read_reveal(json_t *object, unsigned char nonce[PEOPLE_NONCE_BYTES],
                         struct fault *fault);

#endif
