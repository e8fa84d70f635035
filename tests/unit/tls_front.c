/* GnuTLS, a thread a connection. Everything that fails here fails the test. */
#include "tls_front.h"

#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "quarter/check.h"

enum { CONNECTIONS_MAX = 2048, KEYS = 2 };

struct link {
    struct tls_front *front;
    pthread_t thread;
    int fd;
    gnutls_certificate_credentials_t key;
};

struct tls_front {
    int listener, stopped, port_behind;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    gnutls_certificate_credentials_t keys[KEYS];
    unsigned char pins[KEYS][32];
    int shown, handshakes;
    int count;
    struct link links[CONNECTIONS_MAX];
};

static void sign_self(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t private)
{
    static const unsigned char serial[] = {1};
    CHECK(gnutls_x509_crt_set_version(certificate, 3) == 0);
    CHECK(gnutls_x509_crt_set_serial(certificate, serial, sizeof serial) == 0);
    CHECK(gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 86400) == 0);
    CHECK(gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 86400) == 0);
    CHECK(gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, "somebody",
                                        8) == 0);
    CHECK(gnutls_x509_crt_set_key(certificate, private) == 0);
    CHECK(gnutls_x509_crt_sign2(certificate, certificate, private, GNUTLS_DIG_SHA256, 0) == 0);
}

/* The pin by other means than the client's: of the private key's public half. */
static void hash_key(gnutls_x509_privkey_t private, unsigned char pin[32])
{
    size_t size = 32;
    CHECK(gnutls_x509_privkey_get_key_id(private, GNUTLS_KEYID_USE_SHA256, pin, &size) == 0);
    CHECK(size == 32);
}

static void make_key(struct tls_front *front, int i)
{
    gnutls_x509_privkey_t private;
    gnutls_x509_crt_t certificate;
    CHECK(gnutls_x509_privkey_init(&private) == 0 && gnutls_x509_crt_init(&certificate) == 0);
    CHECK(gnutls_x509_privkey_generate(private, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0);
    sign_self(certificate, private);
    hash_key(private, front->pins[i]);
    CHECK(gnutls_certificate_allocate_credentials(&front->keys[i]) == 0);
    CHECK(gnutls_certificate_set_x509_key(front->keys[i], &certificate, 1, private) == 0);
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(private);
}

static int connect_behind(const struct tls_front *front)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)front->port_behind),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool send_all(int fd, const char *bytes, ssize_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, (size_t)length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= sent;
    }
    return true;
}

/* One turn: false ends the connection. */
static bool pump(const struct tls_front *front, gnutls_session_t session, int fd, int behind)
{
    char bytes[16384];
    struct pollfd fds[3] = {{.fd = fd, .events = POLLIN},
                            {.fd = behind, .events = POLLIN},
                            {.fd = front->stopped, .events = POLLIN}};
    if (gnutls_record_check_pending(session) == 0)
        CHECK(poll(fds, 3, -1) > 0);
    if (fds[2].revents != 0)
        return false;
    if (gnutls_record_check_pending(session) > 0 || fds[0].revents != 0) {
        ssize_t got = gnutls_record_recv(session, bytes, sizeof bytes);
        if (got <= 0 && got != GNUTLS_E_AGAIN && got != GNUTLS_E_INTERRUPTED)
            return false;
        if (got > 0 && !send_all(behind, bytes, got))
            return false;
    }
    if (fds[1].revents == 0)
        return true;
    ssize_t got = recv(behind, bytes, sizeof bytes, 0);
    return got > 0 && gnutls_record_send(session, bytes, (size_t)got) == got;
}

static void *serve(void *context)
{
    struct link *link = context;
    struct tls_front *front = link->front;
    gnutls_session_t session;
    CHECK(gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) == 0);
    CHECK(gnutls_set_default_priority(session) == 0);
    CHECK(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, link->key) == 0);
    gnutls_transport_set_int(session, link->fd);
    int behind = gnutls_handshake(session) == 0 ? connect_behind(front) : -1;
    if (behind >= 0) {
        CHECK(pthread_mutex_lock(&front->lock) == 0);
        front->handshakes++;
        CHECK(pthread_mutex_unlock(&front->lock) == 0);
        while (pump(front, session, link->fd, behind)) {
        }
        (void)gnutls_bye(session, GNUTLS_SHUT_WR);
        close(behind);
    }
    gnutls_deinit(session);
    shutdown(link->fd,
             SHUT_RDWR); /* closed when the thread has been joined: see tls_front_show() */
    return NULL;
}

static void *accept_all(void *context)
{
    struct tls_front *front = context;
    for (;;) {
        struct pollfd fds[2] = {{.fd = front->listener, .events = POLLIN},
                                {.fd = front->stopped, .events = POLLIN}};
        CHECK(poll(fds, 2, -1) > 0);
        if (fds[1].revents != 0)
            return NULL;
        int fd = accept4(front->listener, NULL, NULL, SOCK_CLOEXEC);
        CHECK(fd >= 0);
        CHECK(pthread_mutex_lock(&front->lock) == 0);
        CHECK(front->count < CONNECTIONS_MAX);
        struct link *link = &front->links[front->count++];
        *link = (struct link){.front = front, .fd = fd, .key = front->keys[front->shown]};
        CHECK(pthread_create(&link->thread, NULL, serve, link) == 0);
        CHECK(pthread_mutex_unlock(&front->lock) == 0);
    }
}

struct tls_front *tls_front_start(const char *behind)
{
    struct tls_front *front = calloc(1, sizeof *front);
    CHECK(front != NULL && pthread_mutex_init(&front->lock, NULL) == 0);
    CHECK(sscanf(behind, "http://127.0.0.1:%d", &front->port_behind) == 1);
    for (int i = 0; i < KEYS; i++)
        make_key(front, i);
    front->stopped = eventfd(0, EFD_CLOEXEC);
    front->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    CHECK(bind(front->listener, (struct sockaddr *)&address, size) == 0);
    CHECK(listen(front->listener, 64) == 0);
    CHECK(getsockname(front->listener, (struct sockaddr *)&address, &size) == 0);
    snprintf(front->url, sizeof front->url, "https://127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(pthread_create(&front->thread, NULL, accept_all, front) == 0);
    return front;
}

void tls_front_stop(struct tls_front *front)
{
    CHECK(eventfd_write(front->stopped, 1) == 0);
    CHECK(pthread_join(front->thread, NULL) == 0);
    for (int i = 0; i < front->count; i++)
        (void)shutdown(front->links[i].fd, SHUT_RDWR); /* one may be in its handshake */
    for (int i = 0; i < front->count; i++) {
        CHECK(pthread_join(front->links[i].thread, NULL) == 0);
        close(front->links[i].fd);
    }
    for (int i = 0; i < KEYS; i++)
        gnutls_certificate_free_credentials(front->keys[i]);
    close(front->listener);
    close(front->stopped);
    CHECK(pthread_mutex_destroy(&front->lock) == 0);
    free(front);
}

const char *tls_front_url(const struct tls_front *front)
{
    return front->url;
}

void tls_front_pin(const struct tls_front *front, int key, unsigned char pin[32])
{
    memcpy(pin, front->pins[key], 32);
}

void tls_front_show(struct tls_front *front, int key)
{
    CHECK(pthread_mutex_lock(&front->lock) == 0);
    front->shown = key;
    for (int i = 0; i < front->count; i++)
        (void)shutdown(front->links[i].fd, SHUT_RDWR);
    CHECK(pthread_mutex_unlock(&front->lock) == 0);
}

int tls_front_handshakes(struct tls_front *front)
{
    CHECK(pthread_mutex_lock(&front->lock) == 0);
    int count = front->handshakes;
    CHECK(pthread_mutex_unlock(&front->lock) == 0);
    return count;
}
