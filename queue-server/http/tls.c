/* The server's key and certificate. See tls.h. */
#include "http/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"

enum {
    FILE_MAX = 256 * 1024,
    LASTS_S = 10 * 365 *
              86400, /* nobody is to renew it on a weekend: devices trust the key, not the date */
    EARLY_S = 86400, /* for clocks that are behind */
    RENEW_S = 60 * 86400,
};

void *tls_priorities(void)
{
    static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    return priorities;
}

void tls_clear(struct tls_identity *identity)
{
    if (identity->key_pem != NULL) {
        sodium_memzero(identity->key_pem, strlen(identity->key_pem));
    }
    free(identity->key_pem);
    free(identity->certificate_pem);
    *identity = (struct tls_identity){0};
}

void tls_write_pin(const struct tls_identity *identity, char text[TLS_PIN_TEXT_MAX])
{
    char base64[sodium_base64_ENCODED_LEN(PEOPLE_PIN_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    (void)sodium_bin2base64(base64, sizeof(base64), identity->pin, sizeof(identity->pin),
                            sodium_base64_VARIANT_ORIGINAL);
    (void)snprintf(text, TLS_PIN_TEXT_MAX, "sha256//%s", base64);
}

/* --- files ---------------------------------------------------------------------------------- */

static enum status say(char *error, size_t size, enum status status, const char *path,
                       const char *what)
{
    (void)snprintf(error, size, "%s: %s", path, what);
    return status;
}

static enum status status_of(int number)
{
    switch (number) {
    case ENOENT: return STATUS_NOT_FOUND;
    case EACCES:
    case EPERM: return STATUS_DENIED;
    default: return STATUS_IO;
    }
}

static enum status read_text(const char *path, char **text, char *error, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return say(error, size, status_of(errno), path, strerrordesc_np(errno));
    }
    char *read_in = calloc(1, FILE_MAX + 1);
    CHECK(read_in != NULL);
    size_t length = 0;
    ssize_t count = 0;
    while (length < FILE_MAX && (count = read(fd, read_in + length, FILE_MAX - length)) > 0) {
        length += (size_t)count;
    }
    (void)close(fd);
    if (count < 0 || length == FILE_MAX) {
        sodium_memzero(read_in, FILE_MAX);
        free(read_in);
        return say(error, size, STATUS_IO, path, "it cannot be read, or is far too long");
    }
    *text = read_in;
    return STATUS_OK;
}

/* Whole or not at all, also after a power cut. */
static enum status write_text(const char *dir, const char *path, const char *text, char *error,
                              size_t size)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof(part), "%s.part", path) >= PATH_MAX) {
        return say(error, size, STATUS_INVALID, path, "the path is too long");
    }
    const int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const size_t length = strlen(text);
    bool fine = fd >= 0 && write(fd, text, length) == (ssize_t)length && fsync(fd) == 0;
    fine = fine && rename(part, path) == 0;
    const int why = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    const int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        (void)close(folder);
    }
    return fine ? STATUS_OK : say(error, size, status_of(why), part, strerrordesc_np(why));
}

/* --- a key and its certificate -------------------------------------------------------------- */

static gnutls_datum_t datum_of(char *text)
{
    return (gnutls_datum_t){.data = (unsigned char *)text, .size = (unsigned)strlen(text)};
}

static char *text_of(gnutls_datum_t *datum)
{
    char *text = strndup((const char *)datum->data, datum->size);
    CHECK(text != NULL);
    gnutls_memset(datum->data, 0, datum->size);
    gnutls_free(datum->data);
    return text;
}

/* The first certificate of a chain is the server's. */
static int import_certificate(gnutls_x509_crt_t *certificate, char *pem)
{
    gnutls_x509_crt_t *list = NULL;
    unsigned count = 0;
    const gnutls_datum_t datum = datum_of(pem);
    const int result = gnutls_x509_crt_list_import2(&list, &count, &datum, GNUTLS_X509_FMT_PEM, 0);
    if (result < 0 || count == 0) {
        return result < 0 ? result : GNUTLS_E_NO_CERTIFICATE_FOUND;
    }
    *certificate = list[0];
    for (unsigned i = 1; i < count; i++) {
        gnutls_x509_crt_deinit(list[i]);
    }
    gnutls_free(list);
    return 0;
}

static int take_pin(gnutls_privkey_t key, unsigned char pin[PEOPLE_PIN_BYTES])
{
    gnutls_pubkey_t public = NULL;
    gnutls_datum_t der = {0};
    int result = gnutls_pubkey_init(&public);
    if (result >= 0) {
        result = gnutls_pubkey_import_privkey(public, key, 0, 0);
    }
    if (result >= 0) {
        result = gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der);
    }
    if (result >= 0) {
        (void)crypto_hash_sha256(pin, der.data, der.size);
        gnutls_free(der.data);
    }
    if (public != NULL) {
        gnutls_pubkey_deinit(public);
    }
    return result;
}

static bool has_key(gnutls_x509_crt_t certificate, const unsigned char pin[PEOPLE_PIN_BYTES])
{
    gnutls_pubkey_t public = NULL;
    gnutls_datum_t der = {0};
    unsigned char own[PEOPLE_PIN_BYTES] = {0};
    CHECK(gnutls_pubkey_init(&public) >= 0);
    const bool is_read = gnutls_pubkey_import_x509(public, certificate, 0) >= 0 &&
                         gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der) >= 0;
    if (is_read) {
        (void)crypto_hash_sha256(own, der.data, der.size);
        gnutls_free(der.data);
    }
    gnutls_pubkey_deinit(public);
    return is_read && memcmp(own, pin, sizeof(own)) == 0;
}

static int import_key(gnutls_privkey_t *key, char *pem)
{
    const gnutls_datum_t datum = datum_of(pem);
    const int result = gnutls_privkey_init(key);
    return result < 0 ? result
                      : gnutls_privkey_import_x509_raw(*key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
}

static enum status check_pair(const char *key_path, const char *certificate_path,
                              struct tls_identity *identity, char *error, size_t size)
{
    gnutls_privkey_t key = NULL;
    gnutls_x509_crt_t certificate = NULL;
    int result = import_key(&key, identity->key_pem);
    if (result >= 0) {
        result = take_pin(key, identity->pin);
    }
    if (key != NULL) {
        gnutls_privkey_deinit(key);
    }
    if (result < 0) {
        return say(error, size, STATUS_INVALID, key_path,
                   "this is no private key in PEM without a password");
    }
    result = import_certificate(&certificate, identity->certificate_pem);
    if (result < 0) {
        return say(error, size, STATUS_INVALID, certificate_path, "this is no certificate in PEM");
    }
    const bool is_pair = has_key(certificate, identity->pin);
    gnutls_x509_crt_deinit(certificate);
    return is_pair ? STATUS_OK
                   : say(error, size, STATUS_INVALID, certificate_path,
                         "this certificate is of another key");
}

enum status tls_load(const char *key_path, const char *certificate_path,
                     struct tls_identity *identity, char *error, size_t error_size)
{
    struct tls_identity loaded = {0};
    enum status status = read_text(key_path, &loaded.key_pem, error, error_size);
    if (status == STATUS_OK) {
        status = read_text(certificate_path, &loaded.certificate_pem, error, error_size);
    }
    if (status == STATUS_OK) {
        status = check_pair(key_path, certificate_path, &loaded, error, error_size);
    }
    if (status != STATUS_OK) {
        tls_clear(&loaded);
        return status;
    }
    *identity = loaded;
    return STATUS_OK;
}

/* --- made once ------------------------------------------------------------------------------ */

static int make_key(char **pem)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t out = {0};
    int result = gnutls_x509_privkey_init(&key);
    if (result >= 0) {
        result = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    }
    if (result >= 0) {
        result = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                   GNUTLS_PKCS_PLAIN, &out);
    }
    if (result >= 0) {
        *pem = text_of(&out);
    }
    if (key != NULL) {
        gnutls_x509_privkey_deinit(key);
    }
    return result;
}

static int add_name(gnutls_x509_crt_t certificate, const char *name)
{
    unsigned char address[16];
    const bool is_v4 = inet_pton(AF_INET, name, address) == 1;
    if (is_v4 || inet_pton(AF_INET6, name, address) == 1) {
        return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address,
                                                    is_v4 ? 4 : 16, GNUTLS_FSAN_APPEND);
    }
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                                (unsigned)strlen(name), GNUTLS_FSAN_APPEND);
}

/* RFC 5280; of a server, for itself. */
static int fill(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                const struct tls_names *names)
{
    static const char subject[] = "Quarter queue server";
    unsigned char serial[16];
    randombytes_buf(serial, sizeof(serial));
    serial[0] &= 0x7f;
    serial[0] |= 0x40;
    int result = gnutls_x509_crt_set_version(certificate, 3);
    result |= gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial));
    result |= gnutls_x509_crt_set_activation_time(certificate, (time_t)(names->now_s - EARLY_S));
    result |= gnutls_x509_crt_set_expiration_time(certificate, (time_t)(names->now_s + LASTS_S));
    result |= gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, subject,
                                            sizeof(subject) - 1);
    result |= gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
    result |= gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    result |= gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    for (size_t i = 0; i < names->count && result >= 0; i++) {
        result = add_name(certificate, names->names[i]);
    }
    if (result >= 0) {
        result = gnutls_x509_crt_set_key(certificate, key);
    }
    return result < 0 ? result
                      : gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
}

static int make_certificate(char *key_pem, const struct tls_names *names, char **pem)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t certificate = NULL;
    gnutls_datum_t out = {0};
    const gnutls_datum_t key_datum = datum_of(key_pem);
    int result = gnutls_x509_privkey_init(&key);
    if (result >= 0) {
        result = gnutls_x509_privkey_import2(key, &key_datum, GNUTLS_X509_FMT_PEM, NULL,
                                             GNUTLS_PKCS_PLAIN);
    }
    if (result >= 0) {
        result = gnutls_x509_crt_init(&certificate);
    }
    if (result >= 0) {
        result = fill(certificate, key, names);
    }
    if (result >= 0) {
        result = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &out);
    }
    if (result >= 0) {
        *pem = text_of(&out);
    }
    if (certificate != NULL) {
        gnutls_x509_crt_deinit(certificate);
    }
    if (key != NULL) {
        gnutls_x509_privkey_deinit(key);
    }
    return result;
}

static bool has_name(gnutls_x509_crt_t certificate, const char *name)
{
    unsigned char address[16];
    const bool is_v4 = inet_pton(AF_INET, name, address) == 1;
    if (is_v4 || inet_pton(AF_INET6, name, address) == 1) {
        return gnutls_x509_crt_check_ip(certificate, address, is_v4 ? 4 : 16, 0) != 0;
    }
    return gnutls_x509_crt_check_hostname(certificate, name) != 0;
}

/* Does the certificate do for all these names, and for a while? */
static bool will_do(char *pem, const struct tls_names *names)
{
    gnutls_x509_crt_t certificate = NULL;
    if (import_certificate(&certificate, pem) < 0) {
        return false;
    }
    bool fine =
        (long long)gnutls_x509_crt_get_expiration_time(certificate) > names->now_s + RENEW_S &&
        (long long)gnutls_x509_crt_get_activation_time(certificate) <= names->now_s;
    for (size_t i = 0; fine && i < names->count; i++) {
        fine = has_name(certificate, names->names[i]);
    }
    gnutls_x509_crt_deinit(certificate);
    return fine;
}

static enum status have_key(const char *dir, const char *path, struct tls_identity *identity,
                            char *error, size_t size)
{
    enum status status = read_text(path, &identity->key_pem, error, size);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    if (make_key(&identity->key_pem) < 0) {
        return say(error, size, STATUS_UNAVAILABLE, path, "no key could be made");
    }
    return write_text(dir, path, identity->key_pem, error, size);
}

static enum status have_certificate(const char *dir, const char *path,
                                    const struct tls_names *names, struct tls_identity *identity,
                                    char *error, size_t size)
{
    const enum status status = read_text(path, &identity->certificate_pem, error, size);
    if (status == STATUS_OK && will_do(identity->certificate_pem, names)) {
        return STATUS_OK;
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    free(identity->certificate_pem);
    identity->certificate_pem = NULL;
    if (make_certificate(identity->key_pem, names, &identity->certificate_pem) < 0) {
        return say(error, size, STATUS_INVALID, path,
                   "no certificate could be made; is the key beside it damaged?");
    }
    return write_text(dir, path, identity->certificate_pem, error, size);
}

enum status tls_make_or_load(const char *dir, const struct tls_names *names,
                             struct tls_identity *identity, char *error, size_t error_size)
{
    char key_path[PATH_MAX], certificate_path[PATH_MAX];
    if (snprintf(key_path, sizeof(key_path), "%s/key.pem", dir) >= PATH_MAX ||
        snprintf(certificate_path, sizeof(certificate_path), "%s/cert.pem", dir) >= PATH_MAX) {
        return say(error, error_size, STATUS_INVALID, dir, "the path is too long");
    }
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return say(error, error_size, status_of(errno), dir, strerrordesc_np(errno));
    }
    struct tls_identity made = {0};
    enum status status = have_key(dir, key_path, &made, error, error_size);
    if (status == STATUS_OK) {
        status = have_certificate(dir, certificate_path, names, &made, error, error_size);
    }
    if (status == STATUS_OK) {
        status = check_pair(key_path, certificate_path, &made, error, error_size);
    }
    if (status != STATUS_OK) {
        tls_clear(&made);
        return status;
    }
    *identity = made;
    return STATUS_OK;
}
