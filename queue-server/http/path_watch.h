/* Watches a folder by its path: what is in it, and each name that leads to it. Deployments swap a folder by renaming a
 * symbolic link, which changes nothing in the folder that inotify(7) watches: it watches what the path led to once. So the
 * folders that hold the path's names are watched for those names too, through every link. One thread at a time. */
#ifndef QUARTER_HTTP_PATH_WATCH_H
#define QUARTER_HTTP_PATH_WATCH_H

#include <stdbool.h>

#include "quarter/status.h"

struct path_watch;

/* The path is copied. IO: the kernel gives no watch. Nothing is watched before path_watch_renew(). */
enum status path_watch_create(const char *path, struct path_watch **watch);
void path_watch_destroy(struct path_watch *watch); /* NULL-safe */

int path_watch_fd(const struct path_watch *watch); /* readable: drain it */
/* Watches what the path leads to now. False: it leads to no folder; then errno says why. What was written before is not
 * told any more: read the folder afterwards. */
bool path_watch_renew(struct path_watch *watch);
/* True: something in the folder was written, or the path may lead elsewhere by now. What exactly does not matter. */
bool path_watch_drain(struct path_watch *watch);

#endif
