/* A kiosk's input devices, as configured; see input_conf.h. */
#include "input/input_conf.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/keymap.h"
#include "quarter/check.h"

enum { PATH_BYTES = 4096, LINE_BYTES = 256, WORD_BYTES = 64 };

static const char file_name[] = "input.conf";

struct input_conf input_conf_default(void)
{
    return (struct input_conf){.calibration = calibration_identity()};
}

/* ---- what the command line gave ------------------------------------------------------------------ */

bool input_conf_give(struct input_conf *conf, const struct input_given *given)
{
    if (given->calibrated) {
        conf->calibrated = true;
        conf->calibration = given->calibration;
    }
    for (int i = 0; i < given->scanner_count; i++)
        if (!conf_add_scanner(conf, given->scanners[i]))
            return false;
    return true;
}

static bool was_given(const struct input_given *given, struct device_id device)
{
    for (int i = 0; i < given->scanner_count; i++)
        if (device_id_equal(given->scanners[i], device))
            return true;
    return false;
}

struct input_conf input_conf_keep(const struct input_conf *now, const struct input_given *given,
                                  const struct input_conf *file)
{
    struct input_conf kept = *now;
    if (given->calibrated &&
        memcmp(&now->calibration, &given->calibration, sizeof now->calibration) == 0) {
        kept.calibrated = file->calibrated;
        kept.calibration = file->calibration;
    }
    kept.scanner_count = 0;
    for (int i = 0; i < now->scanner_count; i++)
        if (!was_given(given, now->scanners[i]) || conf_names_scanner(file, now->scanners[i]))
            kept.scanners[kept.scanner_count++] = now->scanners[i];
    return kept;
}

/* ---- reading ------------------------------------------------------------------------------------ */

bool device_id_parse(const char *text, struct device_id *device)
{
    char *colon = NULL, *end = NULL;
    if (!isxdigit((unsigned char)text[0]))
        return false;
    unsigned long vendor = strtoul(text, &colon, 16);
    if (*colon != ':' || !isxdigit((unsigned char)colon[1]))
        return false;
    unsigned long product = strtoul(colon + 1, &end, 16);
    if (*end != '\0' || vendor > UINT16_MAX || product > UINT16_MAX)
        return false;
    *device = (struct device_id){(uint16_t)vendor, (uint16_t)product};
    return true;
}

static bool any_device(struct device_id device)
{
    return device.vendor == 0 && device.product == 0;
}

static bool fault(char *error, const char *what, const char *which)
{
    snprintf(error, INPUT_CONF_ERROR_BYTES, "%s%s", what, which);
    return false;
}

static bool read_calibration(const char *rest, struct input_conf *conf, char *error)
{
    if (calibration_parse(rest, &conf->calibration) != STATUS_OK)
        return fault(error, "calibration takes six numbers that map a panel to the screen, not ",
                     rest);
    conf->calibrated = true;
    return true;
}

static bool read_scanner(const char *rest, struct input_conf *conf, char *error)
{
    struct device_id device;
    if (!device_id_parse(rest, &device)) /* 0000:0000 is a device that does not say what it is */
        return fault(error, "scanner takes vendor:product, such as 0c2e:0b61, not ", rest);
    return conf_add_scanner(conf, device) || fault(error, "there are too many scanners", "");
}

static bool read_keymap(const char *rest, struct input_conf *conf, char *error)
{
    char where[WORD_BYTES], code_name[WORD_BYTES], key_name[WORD_BYTES], more[2];
    struct device_id device = {0, 0};
    uint16_t code = 0;
    enum keypad_key key = KEYPAD_NONE;
    if (sscanf(rest, "%63s %63s = %63s %1s", where, code_name, key_name, more) != 3)
        return fault(error, "a key is mapped as in: keymap 2047:0977 KEY_F1 = next", "");
    if (strcmp(where, "*:*") != 0 && !device_id_parse(where, &device))
        return fault(error, "keymap takes vendor:product or *:*, not ", where);
    if (!keymap_code_from_name(code_name, &code))
        return fault(error, "no key is called ", code_name);
    if (!keypad_key_from_name(key_name, &key))
        return fault(error,
                     "a key means previous, next, select, repeat, back, headset-in, headset-out or "
                     "none, not ",
                     key_name);
    return keymap_set(conf, device, code, key) || fault(error, "there are too many keys", "");
}

static bool read_line(char *line, struct input_conf *conf, char *error)
{
    line[strcspn(line, "#")] = '\0';
    size_t end = strlen(line);
    while (end > 0 && isspace((unsigned char)line[end - 1]))
        line[--end] = '\0';
    char *word = line + strspn(line, " \t");
    char *rest = word + strcspn(word, " \t");
    if (*word == '\0')
        return true;
    if (*rest != '\0')
        *rest++ = '\0';
    rest += strspn(rest, " \t");
    if (strcmp(word, "calibration") == 0)
        return read_calibration(rest, conf, error);
    if (strcmp(word, "scanner") == 0)
        return read_scanner(rest, conf, error);
    if (strcmp(word, "keymap") == 0)
        return read_keymap(rest, conf, error);
    return fault(error, "a line is a calibration, a scanner or a keymap, not ", word);
}

enum status input_conf_parse(const char *text, size_t length, struct input_conf *conf,
                             char error[INPUT_CONF_ERROR_BYTES])
{
    enum status status = STATUS_OK;
    struct input_conf read = input_conf_default();
    const char *end = text + length;
    for (int number = 1; text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline != NULL ? newline : end;
        size_t bytes = (size_t)(line_end - text);
        char line[LINE_BYTES], wrong[INPUT_CONF_ERROR_BYTES] = "a line this long is none";
        bool good = bytes < sizeof line && memchr(text, '\0', bytes) == NULL;
        if (good) {
            memcpy(line, text, bytes);
            line[bytes] = '\0';
            good = read_line(line, &read, wrong);
        }
        if (!good && status == STATUS_OK) {
            status = STATUS_INVALID;
            snprintf(error, INPUT_CONF_ERROR_BYTES, "line %d: %.200s", number, wrong);
        }
        text = line_end + 1;
    }
    *conf = read;
    return status;
}

enum status input_conf_load(const char *folder, struct input_conf *conf,
                            char error[INPUT_CONF_ERROR_BYTES])
{
    char path[PATH_BYTES];
    *conf = input_conf_default();
    snprintf(path, sizeof path, "%s/%s", folder, file_name);
    FILE *file = fopen(path, "re");
    if (file == NULL && errno == ENOENT)
        return STATUS_OK;
    if (file == NULL) {
        snprintf(error, INPUT_CONF_ERROR_BYTES, "%.120s: %s", path, strerrordesc_np(errno));
        return STATUS_UNAVAILABLE;
    }
    char text[INPUT_CONF_BYTES];
    size_t length = fread(text, 1, sizeof text, file);
    bool whole = length < sizeof text && ferror(file) == 0;
    fclose(file);
    if (!whole) {
        snprintf(error, INPUT_CONF_ERROR_BYTES, "%.120s: too long, or not readable", path);
        return STATUS_UNAVAILABLE;
    }
    return input_conf_parse(text, length, conf, error);
}

/* ---- writing ------------------------------------------------------------------------------------ */

static size_t print_device(char *text, size_t size, struct device_id device)
{
    if (any_device(device))
        return (size_t)snprintf(text, size, "*:*");
    return (size_t)snprintf(text, size, "%04x:%04x", device.vendor, device.product);
}

size_t input_conf_print(const struct input_conf *conf, char text[INPUT_CONF_BYTES])
{
    char *at = text, *end = text + INPUT_CONF_BYTES;
    at +=
        snprintf(at, (size_t)(end - at),
                 "# The kiosk's input devices. Its setup pages write this file anew; editing it is "
                 "fine.\n"
                 "#   calibration A B C D E F        touch to screen, as libinput's matrix\n"
                 "#   scanner VENDOR:PRODUCT         as lsusb tells\n"
                 "#   keymap VENDOR:PRODUCT KEY = previous|next|select|repeat|back|headset-in|"
                 "headset-out|none\n"
                 "#   keymap *:* KEY = ...           any keypad\n");
    const double *m = conf->calibration.m;
    if (conf->calibrated)
        at += snprintf(at, (size_t)(end - at), "calibration %.9g %.9g %.9g %.9g %.9g %.9g\n", m[0],
                       m[1], m[2], m[3], m[4], m[5]);
    for (int i = 0; i < conf->scanner_count; i++) {
        at += snprintf(at, (size_t)(end - at), "scanner %04x:%04x\n", conf->scanners[i].vendor,
                       conf->scanners[i].product);
    }
    for (int i = 0; i < conf->key_count; i++) {
        char name[KEYMAP_NAME_BYTES];
        keymap_code_name(conf->keys[i].code, name);
        at += snprintf(at, (size_t)(end - at), "keymap ");
        at += print_device(at, (size_t)(end - at), conf->keys[i].device);
        at += snprintf(at, (size_t)(end - at), " %s = %s\n", name,
                       keypad_key_name(conf->keys[i].key));
    }
    CHECK(at < end);
    *at = '\0';
    return (size_t)(at - text);
}

static bool write_whole(const char *path, const char *text, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    ssize_t put = write(fd, text, length);
    bool written = put == (ssize_t)length && fsync(fd) == 0;
    int error = put >= 0 && put < (ssize_t)length ? ENOSPC : errno; /* the rest found no room */
    if (close(fd) == 0 && written)
        return true;
    errno = error;
    return false;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

enum status input_conf_save(const char *folder, const struct input_conf *conf,
                            char error[INPUT_CONF_ERROR_BYTES])
{
    char text[INPUT_CONF_BYTES], path[PATH_BYTES], fresh[PATH_BYTES];
    size_t length = input_conf_print(conf, text);
    (void)mkdir(folder, 0700); /* fails when it is there; what else is wrong shows below */
    snprintf(path, sizeof path, "%s/%s", folder, file_name);
    snprintf(fresh, sizeof fresh, "%s/%s.new", folder, file_name);
    if (write_whole(fresh, text, length) && rename(fresh, path) == 0 && sync_folder(folder))
        return STATUS_OK;
    snprintf(error, INPUT_CONF_ERROR_BYTES, "%.120s: %s", path, strerrordesc_np(errno));
    (void)unlink(fresh);
    return STATUS_UNAVAILABLE;
}
