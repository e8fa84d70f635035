/* A disk in memory as a SQLite VFS, for one thread: it forgets what was not synced when the power
 * is cut, and fails on demand. SIGKILL leaves the page cache intact and proves nothing about
 * durability; this does.
 *
 * What it knows of real disks: writes since the last sync of a file may be on disk or not, sector
 * by sector (512 bytes), in any order; so may a truncation, a deletion or a new file's name; a
 * failed write may have written its beginning; after a failed sync the unsynced writes may never
 * reach the disk although they are still read back (https://lwn.net/Articles/752063/). Shared
 * memory is lost with the power. */
#ifndef QUARTER_TESTS_FORGETFUL_VFS_H
#define QUARTER_TESTS_FORGETFUL_VFS_H

#include <stdbool.h>
#include <stdint.h>

struct forgetful_disk;

enum forgetful_call {
    FORGETFUL_OPEN,
    FORGETFUL_WRITE,
    FORGETFUL_SYNC,
    FORGETFUL_TRUNCATE,
    FORGETFUL_DELETE,
    FORGETFUL_CALL_COUNT,
};

/* What of the unsynced is found after a cut. */
enum forgetful_keep { FORGETFUL_KEEP_NOTHING, FORGETFUL_KEEP_SOME, FORGETFUL_KEEP_ALL };

/* Registers a VFS of that name; the same seed makes the same choices. */
struct forgetful_disk *forgetful_create(const char *name, uint64_t seed);
void forgetful_destroy(struct forgetful_disk *disk); /* no file may be open */

/* Calls so far, of all kinds together. */
int64_t forgetful_calls(const struct forgetful_disk *disk);

/* The power goes during the nth call from now (1: the next); 0: never. From then on every call
 * fails. */
void forgetful_cut_at(struct forgetful_disk *disk, int64_t nth);
bool forgetful_is_off(const struct forgetful_disk *disk);
/* Cuts now, if it is not off already, then comes back with what survived. No file may be open. */
void forgetful_power_cycle(struct forgetful_disk *disk, enum forgetful_keep keep);

/* The nth call of that kind from now fails with an SQLite result, and all after it when for_good;
 * nth 0: none. */
void forgetful_fail_at(struct forgetful_disk *disk, enum forgetful_call call, int64_t nth,
                       int result, bool for_good);
bool forgetful_has_failed(const struct forgetful_disk *disk); /* the fault was met */

/* From now on syncs say that they did, and do nothing: for canaries, which have to find that out. */
void forgetful_lie(struct forgetful_disk *disk);

/* Damages a file: overwrites bytes as if they were always there. */
void forgetful_damage(struct forgetful_disk *disk, const char *file, int64_t offset, int size);

#endif
