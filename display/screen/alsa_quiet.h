/* ALSA writes to standard error whatever it does not find, several lines for each try to open a device. What matters of
 * it SDL tells in one line, so that the rest goes to the log, for who asks for debugging. */
#ifndef QUARTER_SCREEN_ALSA_QUIET_H
#define QUARTER_SCREEN_ALSA_QUIET_H

/* Before SDL's audio is started. NULL: ALSA is not there, or not what SDL will use. */
void *alsa_quiet_begin(void);
/* After SDL's audio has ended; NULL is fine. */
void alsa_quiet_end(void *library);

#endif
