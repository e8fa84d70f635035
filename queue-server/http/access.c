/* Who may reach the server. See access.h. */
#include "http/access.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http/server.h"

void access_print_options(FILE *out)
{
    (void)fputs(
        "  --sign-in on|off   whether staff sign in and devices are paired (default: off on a "
        "loopback\n"
        "                     address, on any other)\n"
        "  --tls on|off       speak https (default: likewise); the key and a certificate for it "
        "are "
        "made\n"
        "                     once, in tls/ of the data folder, and the key's pin is printed\n"
        "  --tls-cert FILE    your own certificate (PEM, with its chain) ...\n"
        "  --tls-key FILE     ... and its key\n"
        "  --host NAME        a further name that pages may be asked by, e.g. queue.example; may "
        "be\n"
        "                     given several times\n"
        "  --relay ADDRESS    a reverse proxy, whose X-Forwarded-For is believed; likewise\n",
        out);
}

const char *access_read_option(struct access_options *options, int letter, const char *value)
{
    const bool is_switch = strcmp(value, "on") == 0 || strcmp(value, "off") == 0;
    switch (letter) {
    case 'S': options->sign_in = value; return is_switch ? NULL : "--sign-in wants on or off, not";
    case 'T': options->tls = value; return is_switch ? NULL : "--tls wants on or off, not";
    case 'C': options->certificate = value; return NULL;
    case 'K': options->key = value; return NULL;
    case 'R':
        return relays_add(&options->relays, value)
                   ? NULL
                   : "--relay wants the address of a relay, e.g. 192.0.2.9, up to 8 times, not";
    default: break;
    }
    if (options->host_count == ACCESS_HOSTS_MAX) {
        return "--host was given too often, at";
    }
    options->hosts[options->host_count++] = value;
    return guard_is_name(value) ? NULL : "--host wants a name without a port, not";
}

static enum status deny(char *error, size_t size, const char *why)
{
    (void)snprintf(error, size, "%s", why);
    return STATUS_DENIED;
}

static bool is_set(const char *option, bool usual)
{
    return option != NULL ? strcmp(option, "on") == 0 : usual;
}

enum status access_decide(const struct access_options *options,
                          const struct sockaddr_storage *address, struct access *access,
                          char *error, size_t error_size)
{
    const bool has_file = options->certificate != NULL || options->key != NULL;
    *access = (struct access){.is_loopback = guard_is_loopback(address)};
    access->has_sign_in = is_set(options->sign_in, !access->is_loopback);
    access->has_tls = is_set(options->tls, !access->is_loopback || has_file);
    if (has_file && (options->certificate == NULL || options->key == NULL)) {
        return deny(error, error_size,
                    "--tls-cert and --tls-key go together: a certificate and the key of it");
    }
    if (has_file && !access->has_tls) {
        return deny(error, error_size, "--tls off and a certificate contradict each other");
    }
    if (!access->is_loopback && !access->has_sign_in) {
        return deny(error, error_size, SERVER_LOOPBACK_ONLY);
    }
    if (!access->is_loopback && !access->has_tls) {
        return deny(
            error, error_size,
            "with --tls off only a loopback address (127.0.0.1 or [::1]) may be listened on: "
            "on a network passwords could be read along the way; leave --tls off away, or "
            "let a relay on this machine speak https");
    }
    return STATUS_OK;
}

/* --- what the machine is called ------------------------------------------------------------- */

static void add_address(struct access *access, const struct sockaddr_storage *address)
{
    char text[INET6_ADDRSTRLEN];
    guard_write_address(address, text);
    for (size_t i = 0; i < access->address_count; i++) {
        if (strcmp(access->addresses[i], text) == 0) {
            return;
        }
    }
    if (text[0] != '\0' && access->address_count < ACCESS_NAMES_MAX / 2) {
        memcpy(access->addresses[access->address_count++], text, sizeof(text));
    }
}

/* Addresses of one's own link change with the network card, and no page is asked for by one. */
static bool is_worth_naming(const struct sockaddr *address, unsigned flags)
{
    if ((flags & IFF_UP) == 0 || (flags & IFF_LOOPBACK) != 0) {
        return false;
    }
    struct sockaddr_in6 v6;
    if (address->sa_family != AF_INET6) {
        return address->sa_family == AF_INET;
    }
    memcpy(&v6, address, sizeof(v6));
    return !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr);
}

static void add_machines_addresses(struct access *access)
{
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0) {
        return;
    }
    for (const struct ifaddrs *each = list; each != NULL; each = each->ifa_next) {
        if (each->ifa_addr != NULL && is_worth_naming(each->ifa_addr, each->ifa_flags)) {
            struct sockaddr_storage address = {0};
            memcpy(&address, each->ifa_addr,
                   each->ifa_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                         : sizeof(struct sockaddr_in));
            add_address(access, &address);
        }
    }
    freeifaddrs(list);
}

static void learn_names(const struct access_options *options, struct access *access)
{
    struct guard *guard = &access->guard;
    guard->relays = options->relays;
    for (size_t i = 0; i < options->host_count; i++) {
        guard->names[guard->name_count++] = options->hosts[i];
    }
    if (access->is_loopback) {
        return;
    }
    guard->any_address = true;
    if (gethostname(access->machine, sizeof(access->machine) - 1) != 0 ||
        !guard_is_name(access->machine)) {
        access->machine[0] = '\0';
    } else {
        guard->names[guard->name_count++] = access->machine;
    }
    add_machines_addresses(access);
}

enum status access_open(const struct access_options *options, const char *data,
                        struct access *access, char *error, size_t error_size)
{
    char dir[PATH_MAX];
    const char *names[ACCESS_NAMES_MAX + GUARD_NAMES_MAX] = {"localhost", "127.0.0.1", "::1"};
    struct tls_names all = {.names = names, .count = 3, .now_s = (long long)time(NULL)};
    learn_names(options, access);
    if (!access->has_tls) {
        return STATUS_OK;
    }
    if (options->key != NULL) {
        return tls_load(options->key, options->certificate, &access->tls, error, error_size);
    }
    for (size_t i = 0; i < access->guard.name_count; i++) {
        names[all.count++] = access->guard.names[i];
    }
    for (size_t i = 0; i < access->address_count; i++) {
        names[all.count++] = access->addresses[i];
    }
    if (snprintf(dir, sizeof(dir), "%s/tls", data) >= PATH_MAX) {
        (void)snprintf(error, error_size, "the data folder's path is too long");
        return STATUS_INVALID;
    }
    return tls_make_or_load(dir, &all, &access->tls, error, error_size);
}

void access_close(struct access *access)
{
    tls_clear(&access->tls);
}

void access_write_url(const struct access_options *options, const struct access *access,
                      const struct sockaddr_storage *address, unsigned port, char url[400])
{
    char own[INET6_ADDRSTRLEN];
    guard_write_address(address, own);
    const bool is_every = guard_is_every_address(address);
    const char *host = options->host_count > 0 && !access->is_loopback ? options->hosts[0]
                       : is_every && access->address_count > 0         ? access->addresses[0]
                       : is_every && access->machine[0] != '\0'        ? access->machine
                                                                       : own;
    const bool is_v6 = strchr(host, ':') != NULL;
    (void)snprintf(url, 400, "%s://%s%s%s:%u", access->has_tls ? "https" : "http", is_v6 ? "[" : "",
                   host, is_v6 ? "]" : "", port);
}
