/* `queue-server reset-password`: for when nobody who could help can sign in any more. */
#ifndef QUARTER_HTTP_RESET_PASSWORD_H
#define QUARTER_HTTP_RESET_PASSWORD_H

/* The arguments from "reset-password" on. Returns the exit code, as serve_command() does. */
int reset_password_command(int argc, char **argv);

#endif
