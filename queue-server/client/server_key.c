/* Base 64 and SHA-256 by libsodium; the certificate is taken apart by GnuTLS. See server_key.h. */
#include "server_key.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <string.h>

#include "quarter/check.h"

static const char prefix[] = "sha256//";

bool server_key_read(const char *text, unsigned char key[SERVER_KEY_BYTES])
{
    unsigned char bytes[SERVER_KEY_BYTES];
    size_t length = 0;
    const char *end = NULL;
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return false;
    text += sizeof prefix - 1;
    if (sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &length, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        length != sizeof bytes || *end != '\0')
        return false;
    memcpy(key, bytes, sizeof bytes);
    return true;
}

void server_key_write(const unsigned char key[SERVER_KEY_BYTES], char text[SERVER_KEY_TEXT_BYTES])
{
    memcpy(text, prefix, sizeof prefix);
    CHECK(sodium_bin2base64(text + sizeof prefix - 1, SERVER_KEY_TEXT_BYTES - sizeof prefix + 1,
                            key, SERVER_KEY_BYTES, sodium_base64_VARIANT_ORIGINAL) != NULL);
}

static bool hash_key(gnutls_x509_crt_t certificate, unsigned char key[SERVER_KEY_BYTES])
{
    gnutls_pubkey_t public = NULL;
    gnutls_datum_t spki = {0};
    bool right = gnutls_pubkey_init(&public) == GNUTLS_E_SUCCESS &&
                 gnutls_pubkey_import_x509(public, certificate, 0) == GNUTLS_E_SUCCESS &&
                 gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &spki) == GNUTLS_E_SUCCESS;
    if (right)
        crypto_hash_sha256(key, spki.data, spki.size);
    gnutls_free(spki.data);
    gnutls_pubkey_deinit(public);
    return right;
}

static bool hash_pem(const char *pem, unsigned char key[SERVER_KEY_BYTES])
{
    union { /* GnuTLS reads only, but its type has no const */
        const char *read;
        unsigned char *data;
    } text = {.read = pem};
    const gnutls_datum_t datum = {.data = text.data, .size = (unsigned)strlen(pem)};
    gnutls_x509_crt_t certificate = NULL;
    if (gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS)
        return false;
    bool right =
        gnutls_x509_crt_import(certificate, &datum, GNUTLS_X509_FMT_PEM) == GNUTLS_E_SUCCESS &&
        hash_key(certificate, key);
    gnutls_x509_crt_deinit(certificate);
    return right;
}

bool server_key_of_peer(CURL *easy, unsigned char key[SERVER_KEY_BYTES])
{
    static const char name[] = "Cert:";
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL ||
        chain->num_of_certs < 1)
        return false;
    /* The first certificate is the peer's own; the handshake has proved its key. */
    for (const struct curl_slist *line = chain->certinfo[0]; line != NULL; line = line->next)
        if (strncmp(line->data, name, sizeof name - 1) == 0)
            return hash_pem(line->data + sizeof name - 1, key);
    return false;
}
