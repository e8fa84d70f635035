/* One log line: level, module, what, key=value. Implemented in queue-server/client/log.c, linked by every program.
 * Outside text passed as an argument is sanitised (control bytes become '?'). Never a visitor's name or answers.
 * Lines go to stderr; under systemd they carry its <N> priority prefix (sd-daemon(3)). Thread-safe. */
#ifndef QUARTER_LOG_H
#define QUARTER_LOG_H

enum log_level { LOG_ERROR_LEVEL, LOG_WARNING_LEVEL, LOG_INFO_LEVEL, LOG_DEBUG_LEVEL };

void log_set_level(enum log_level most);
void log_write(enum log_level level, const char *module, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(module, ...)   log_write(LOG_ERROR_LEVEL, module, __VA_ARGS__)
#define log_warning(module, ...) log_write(LOG_WARNING_LEVEL, module, __VA_ARGS__)
#define log_info(module, ...)    log_write(LOG_INFO_LEVEL, module, __VA_ARGS__)
#define log_debug(module, ...)   log_write(LOG_DEBUG_LEVEL, module, __VA_ARGS__)

#endif
