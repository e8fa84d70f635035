/* See forgetful_vfs.h. A file is what programs read now (live), what surely is on disk (durable),
 * and the changes in between, in order. A sync applies the changes to the durable bytes; a cut
 * applies a part of them. */
#include "forgetful_vfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { SECTOR = 512, REGIONS_MAX = 64, FILES_MAX = 32 };

struct bytes {
    unsigned char *data;
    int64_t size, capacity;
};

struct change {
    int64_t offset, size;
    unsigned char *data; /* NULL: cut to offset */
};

struct open_file;

struct file {
    char *name; /* NULL: a temporary file without one */
    struct bytes live, durable;
    struct change *changes;
    int change_count, change_capacity;
    bool is_linked, is_linked_durably; /* found under its name now; surely so after a cut */
    int opened;
    /* Locks of the file, and its shared memory. */
    int shared;
    const struct open_file *reserved, *pending, *exclusive;
    void *regions[REGIONS_MAX];
    int region_count, region_users;
    int region_shared[SQLITE_SHM_NLOCK];
    const struct open_file *region_exclusive[SQLITE_SHM_NLOCK];
};

struct forgetful_disk {
    sqlite3_vfs vfs, *real;
    char name[32];
    uint64_t random;
    struct file *files[FILES_MAX];
    int64_t calls, cut_at; /* cut_at as a value of calls; 0: never */
    bool is_off;
    enum forgetful_call fail_call;
    int64_t fail_in; /* 1: the next call of the kind, and it stays 1; 0: none */
    int fail_result;
    bool fails_for_good, has_failed, lies;
};

struct open_file {
    sqlite3_file base;
    struct forgetful_disk *disk;
    struct file *file;
    int level;
    bool
        syncs_directory; /* at its first sync, as SQLite's unix VFS does for a new journal or log */
    bool uses_regions;
    unsigned region_shared, region_exclusive;
};

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint64_t next_random(struct forgetful_disk *disk)
{
    uint64_t z = disk->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static bool chance(struct forgetful_disk *disk, unsigned percent)
{
    return next_random(disk) % 100 < percent;
}

static void bytes_write(struct bytes *bytes, int64_t offset, const void *data, int64_t size)
{
    int64_t end = offset + size;
    if (end > bytes->capacity) {
        bytes->capacity = end * 2;
        bytes->data = realloc(bytes->data, (size_t)bytes->capacity);
        CHECK(bytes->data);
    }
    if (end > bytes->size) {
        if (offset > bytes->size)
            memset(bytes->data + bytes->size, 0, (size_t)(offset - bytes->size));
        bytes->size = end;
    }
    memcpy(bytes->data + offset, data, (size_t)size);
}

static void bytes_cut(struct bytes *bytes, int64_t size)
{
    if (bytes->size > size)
        bytes->size = size;
}

static void bytes_copy(struct bytes *to, const struct bytes *from)
{
    to->size = 0;
    if (from->size > 0)
        bytes_write(to, 0, from->data, from->size);
}

static void note_change(struct file *file, int64_t offset, const void *data, int64_t size)
{
    if (file->change_count == file->change_capacity) {
        file->change_capacity = file->change_capacity * 2 + 16;
        file->changes =
            realloc(file->changes, (size_t)file->change_capacity * sizeof *file->changes);
        CHECK(file->changes);
    }
    struct change *change = &file->changes[file->change_count++];
    *change = (struct change){.offset = offset, .size = size};
    if (data) {
        change->data = malloc((size_t)size);
        CHECK(change->data);
        memcpy(change->data, data, (size_t)size);
    }
}

static void write_live(struct file *file, int64_t offset, const void *data, int64_t size)
{
    if (size == 0)
        return;
    bytes_write(&file->live, offset, data, size);
    note_change(file, offset, data, size);
}

static void forget_changes(struct file *file)
{
    for (int i = 0; i < file->change_count; i++)
        free(file->changes[i].data);
    file->change_count = 0;
}

/* Applies each change, sector by sector, with that chance; then what programs read is what is on
 * disk. */
static void settle(struct forgetful_disk *disk, struct file *file, unsigned percent)
{
    for (int i = 0; i < file->change_count; i++) {
        const struct change *change = &file->changes[i];
        if (!change->data) {
            if (chance(disk, percent))
                bytes_cut(&file->durable, change->offset);
            continue;
        }
        int64_t at = change->offset, end = change->offset + change->size;
        while (at < end) {
            int64_t stop = (at / SECTOR + 1) * SECTOR;
            if (stop > end)
                stop = end;
            if (chance(disk, percent))
                bytes_write(&file->durable, at, change->data + (at - change->offset), stop - at);
            at = stop;
        }
    }
    forget_changes(file);
}

static struct file *find_file(const struct forgetful_disk *disk, const char *name)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i] && disk->files[i]->name && disk->files[i]->is_linked &&
            strcmp(disk->files[i]->name, name) == 0)
            return disk->files[i];
    return NULL;
}

static struct file *make_file(struct forgetful_disk *disk, const char *name)
{
    int slot = 0;
    while (slot < FILES_MAX && disk->files[slot])
        slot++;
    CHECK(slot < FILES_MAX);
    struct file *file = calloc(1, sizeof *file);
    CHECK(file);
    if (name) {
        file->name = strdup(name);
        CHECK(file->name);
        file->is_linked = true;
    }
    disk->files[slot] = file;
    return file;
}

static void free_regions(struct file *file)
{
    for (int i = 0; i < file->region_count; i++)
        free(file->regions[i]);
    file->region_count = 0;
}

static void remove_file(struct forgetful_disk *disk, struct file *file)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i] == file)
            disk->files[i] = NULL;
    forget_changes(file);
    free_regions(file);
    free(file->changes);
    free(file->live.data);
    free(file->durable.data);
    free(file->name);
    free(file);
}

static void remove_if_gone(struct forgetful_disk *disk, struct file *file)
{
    if (file->opened == 0 && !file->is_linked && !file->is_linked_durably)
        remove_file(disk, file);
}

/* Every name and every deletion so far is on disk. */
static void sync_directory(struct forgetful_disk *disk)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i]) {
            disk->files[i]->is_linked_durably = disk->files[i]->is_linked;
            remove_if_gone(disk, disk->files[i]);
        }
}

/* Counts a call. SQLITE_OK: go on. Else the call has to fail with that; what it leaves behind is
 * its own matter. */
static int meet(struct forgetful_disk *disk, enum forgetful_call call)
{
    if (disk->is_off)
        return SQLITE_IOERR;
    disk->calls++;
    if (disk->calls == disk->cut_at) {
        disk->is_off = true;
        return SQLITE_IOERR;
    }
    if (disk->fail_in == 0 || disk->fail_call != call)
        return SQLITE_OK;
    if (disk->fail_in > 1) {
        disk->fail_in--;
    } else if (!disk->has_failed || disk->fails_for_good) {
        disk->has_failed = true;
        return disk->fail_result;
    }
    return SQLITE_OK;
}

static struct open_file *as_open(sqlite3_file *base)
{
    return (struct open_file *)(void *)base;
}

static int file_close(sqlite3_file *base)
{
    struct open_file *open = as_open(base);
    open->file->opened--;
    remove_if_gone(open->disk, open->file);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *to, int size, sqlite3_int64 offset)
{
    const struct open_file *open = as_open(base);
    const struct bytes *live = &open->file->live;
    if (open->disk->is_off)
        return SQLITE_IOERR_READ;
    int64_t there = live->size - offset;
    if (there >= size) {
        memcpy(to, live->data + offset, (size_t)size);
        return SQLITE_OK;
    }
    memset(to, 0, (size_t)size);
    if (there > 0)
        memcpy(to, live->data + offset, (size_t)there);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
    struct open_file *open = as_open(base);
    if (!open->file->name) {
        write_live(open->file, offset, data, size);
        return SQLITE_OK;
    }
    bool was_off = open->disk->is_off;
    int result = meet(open->disk, FORGETFUL_WRITE);
    if (result == SQLITE_OK || (open->disk->is_off && !was_off)) {
        write_live(open->file, offset, data, size);
    } else if (!was_off) {
        int sectors = (size + SECTOR - 1) / SECTOR;
        int64_t part = (int64_t)(next_random(open->disk) % (unsigned)sectors) * SECTOR;
        write_live(open->file, offset, data, part < size ? part : size);
    }
    return result;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct open_file *open = as_open(base);
    bool was_off = open->disk->is_off;
    int result = meet(open->disk, FORGETFUL_TRUNCATE);
    if (result == SQLITE_OK || (open->disk->is_off && !was_off)) {
        bytes_cut(&open->file->live, size);
        note_change(open->file, size, NULL, 0);
    }
    return result;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct open_file *open = as_open(base);
    int result = meet(open->disk, FORGETFUL_SYNC);
    if (result == SQLITE_OK && open->disk->lies)
        return result;
    if (result == SQLITE_OK) {
        settle(open->disk, open->file, 100);
        if (open->syncs_directory)
            sync_directory(open->disk);
        open->syncs_directory = false;
    } else if (!open->disk->is_off) {
        forget_changes(open->file);
    }
    return result;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = as_open(base)->file->live.size;
    return as_open(base)->disk->is_off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    struct open_file *open = as_open(base);
    struct file *file = open->file;
    if (open->level >= level)
        return SQLITE_OK;
    if (open->level == SQLITE_LOCK_NONE) {
        if (file->pending || file->exclusive)
            return SQLITE_BUSY;
        file->shared++;
        open->level = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED && open->level < SQLITE_LOCK_RESERVED) {
        if (file->reserved || file->pending)
            return SQLITE_BUSY;
        file->reserved = open;
        open->level = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        file->pending = open;
        if (file->shared > 1)
            return SQLITE_BUSY;
        file->exclusive = open;
        open->level = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *base, int level)
{
    struct open_file *open = as_open(base);
    struct file *file = open->file;
    const struct open_file **held[] = {&file->reserved, &file->pending, &file->exclusive};
    for (int i = 0; i < 3; i++)
        if (*held[i] == open)
            *held[i] = NULL;
    if (level == SQLITE_LOCK_NONE && open->level != SQLITE_LOCK_NONE)
        file->shared--;
    open->level = level;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *is_reserved)
{
    *is_reserved = as_open(base)->file->reserved != NULL;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return 4096; /* as SQLite's own unix VFS says, and the next too, so that the same code runs */
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int region_map(sqlite3_file *base, int region, int size, int may_extend,
                      void volatile **mapped)
{
    struct open_file *open = as_open(base);
    struct file *file = open->file;
    *mapped = NULL;
    if (open->disk->is_off)
        return SQLITE_IOERR_SHMMAP;
    if (!open->uses_regions) {
        open->uses_regions = true;
        file->region_users++;
    }
    CHECK(region < REGIONS_MAX);
    while (file->region_count <= region && may_extend) {
        file->regions[file->region_count] = calloc(1, (size_t)size);
        CHECK(file->regions[file->region_count]);
        file->region_count++;
    }
    if (region < file->region_count)
        *mapped = file->regions[region];
    return SQLITE_OK;
}

static int region_lock_one(struct open_file *open, int lock, int flags)
{
    struct file *file = open->file;
    unsigned bit = 1U << lock;
    if (flags & SQLITE_SHM_UNLOCK) {
        if (flags & SQLITE_SHM_SHARED && open->region_shared & bit) {
            file->region_shared[lock]--;
            open->region_shared &= ~bit;
        } else if (flags & SQLITE_SHM_EXCLUSIVE && open->region_exclusive & bit) {
            file->region_exclusive[lock] = NULL;
            open->region_exclusive &= ~bit;
        }
        return SQLITE_OK;
    }
    if (file->region_exclusive[lock] && file->region_exclusive[lock] != open)
        return SQLITE_BUSY;
    if (flags & SQLITE_SHM_SHARED && !(open->region_shared & bit)) {
        file->region_shared[lock]++;
        open->region_shared |= bit;
    } else if (flags & SQLITE_SHM_EXCLUSIVE) {
        if (file->region_shared[lock] > (open->region_shared & bit ? 1 : 0))
            return SQLITE_BUSY;
        file->region_exclusive[lock] = open;
        open->region_exclusive |= bit;
    }
    return SQLITE_OK;
}

static int region_lock(sqlite3_file *base, int first, int count, int flags)
{
    struct open_file *open = as_open(base);
    int result = SQLITE_OK;
    int taken = 0;
    while (taken < count && result == SQLITE_OK) {
        result = region_lock_one(open, first + taken, flags);
        if (result == SQLITE_OK)
            taken++;
    }
    if (result != SQLITE_OK) /* all or none */
        for (int i = 0; i < taken; i++)
            region_lock_one(open, first + i, (flags & ~SQLITE_SHM_LOCK) | SQLITE_SHM_UNLOCK);
    return result;
}

static void region_barrier(sqlite3_file *base)
{
    (void)base;
}

static int region_unmap(sqlite3_file *base, int delete_it)
{
    (void)delete_it;
    struct open_file *open = as_open(base);
    if (open->uses_regions) {
        open->uses_regions = false;
        if (--open->file->region_users == 0)
            free_regions(open->file);
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = region_map,
    .xShmLock = region_lock,
    .xShmBarrier = region_barrier,
    .xShmUnmap = region_unmap,
};

static struct forgetful_disk *disk_of(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                     int *got_flags)
{
    struct forgetful_disk *disk = disk_of(vfs);
    struct open_file *open = as_open(base);
    memset(open, 0, sizeof *open);
    int result = name ? meet(disk, FORGETFUL_OPEN) : SQLITE_OK;
    if (result != SQLITE_OK)
        return result == SQLITE_IOERR ? SQLITE_CANTOPEN : result;
    struct file *file = name ? find_file(disk, name) : NULL;
    if (!file && name && !(flags & SQLITE_OPEN_CREATE))
        return SQLITE_CANTOPEN;
    if (!file)
        file = make_file(disk, name);
    file->opened++;
    open->disk = disk;
    open->file = file;
    open->base.pMethods = &methods;
    open->syncs_directory =
        flags & SQLITE_OPEN_CREATE && flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL);
    if (got_flags)
        *got_flags = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    struct forgetful_disk *disk = disk_of(vfs);
    int result = meet(disk, FORGETFUL_DELETE);
    struct file *file = find_file(disk, name);
    if (result != SQLITE_OK)
        return SQLITE_IOERR_DELETE;
    if (!file)
        return SQLITE_IOERR_DELETE_NOENT;
    file->is_linked = false;
    remove_if_gone(disk, file);
    if (sync_dir)
        sync_directory(disk);
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *is_there)
{
    (void)flags;
    struct forgetful_disk *disk = disk_of(vfs);
    *is_there = find_file(disk, name) != NULL;
    return disk->is_off ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *name, int size, char *path)
{
    (void)vfs;
    sqlite3_snprintf(size, path, "%s", name);
    return SQLITE_OK;
}

static int disk_random(sqlite3_vfs *vfs, int size, char *to)
{
    for (int i = 0; i < size; i++)
        to[i] = (char)next_random(disk_of(vfs));
    return size;
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds; /* nobody else could let go of a lock meanwhile */
}

static int disk_time(sqlite3_vfs *vfs, double *julian_day)
{
    sqlite3_vfs *real = disk_of(vfs)->real;
    return real->xCurrentTime(real, julian_day);
}

struct forgetful_disk *forgetful_create(const char *name, uint64_t seed)
{
    struct forgetful_disk *disk = calloc(1, sizeof *disk);
    CHECK(disk);
    disk->random = seed;
    disk->real = sqlite3_vfs_find(NULL);
    CHECK(disk->real);
    sqlite3_snprintf((int)sizeof disk->name, disk->name, "%s", name);
    disk->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = (int)sizeof(struct open_file),
        .mxPathname = 256,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = disk_open,
        .xDelete = disk_delete,
        .xAccess = disk_access,
        .xFullPathname = disk_full_path,
        .xRandomness = disk_random,
        .xSleep = disk_sleep,
        .xCurrentTime = disk_time,
    };
    CHECK(sqlite3_vfs_register(&disk->vfs, 0) == SQLITE_OK);
    return disk;
}

void forgetful_destroy(struct forgetful_disk *disk)
{
    sqlite3_vfs_unregister(&disk->vfs);
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i]) {
            CHECK(disk->files[i]->opened == 0);
            remove_file(disk, disk->files[i]);
        }
    free(disk);
}

int64_t forgetful_calls(const struct forgetful_disk *disk)
{
    return disk->calls;
}

void forgetful_cut_at(struct forgetful_disk *disk, int64_t nth)
{
    disk->cut_at = nth > 0 ? disk->calls + nth : 0;
}

bool forgetful_is_off(const struct forgetful_disk *disk)
{
    return disk->is_off;
}

/* Which of the files of a name is found after the cut: a new name or a deletion may not have
 * reached the disk. */
static void settle_link(struct forgetful_disk *disk, struct file *file, enum forgetful_keep keep)
{
    if (file->is_linked == file->is_linked_durably)
        return;
    bool reached = keep == FORGETFUL_KEEP_ALL || (keep == FORGETFUL_KEEP_SOME && chance(disk, 50));
    if (reached)
        file->is_linked_durably = file->is_linked;
    else
        file->is_linked = file->is_linked_durably;
}

/* One name, one file: where an old one came back beside a new one, the order of the directory's own
 * changes decides. */
static void settle_names(struct forgetful_disk *disk)
{
    for (int i = 0; i < FILES_MAX; i++)
        for (int j = 0; j < FILES_MAX; j++) {
            const struct file *one = disk->files[i];
            struct file *other = disk->files[j];
            if (i != j && one && other && one->is_linked && other->is_linked &&
                strcmp(one->name, other->name) == 0)
                other->is_linked = other->is_linked_durably = false;
        }
}

void forgetful_power_cycle(struct forgetful_disk *disk, enum forgetful_keep keep)
{
    static const unsigned some[] = {10, 50, 90};
    unsigned percent = keep == FORGETFUL_KEEP_NOTHING ? 0
                       : keep == FORGETFUL_KEEP_ALL   ? 100
                                                      : some[next_random(disk) % 3];
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i]) {
            CHECK(disk->files[i]->opened == 0);
            settle(disk, disk->files[i], percent);
            bytes_copy(&disk->files[i]->live, &disk->files[i]->durable);
        }
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i])
            settle_link(disk, disk->files[i], keep);
    settle_names(disk);
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i])
            remove_if_gone(disk, disk->files[i]);
    disk->is_off = false;
    disk->cut_at = 0;
}

void forgetful_fail_at(struct forgetful_disk *disk, enum forgetful_call call, int64_t nth,
                       int result, bool for_good)
{
    disk->fail_call = call;
    disk->fail_in = nth;
    disk->fail_result = result;
    disk->fails_for_good = for_good;
    if (nth > 0)
        disk->has_failed = false;
}

bool forgetful_has_failed(const struct forgetful_disk *disk)
{
    return disk->has_failed;
}

void forgetful_lie(struct forgetful_disk *disk)
{
    disk->lies = true;
}

void forgetful_damage(struct forgetful_disk *disk, const char *name, int64_t offset, int size)
{
    struct file *file = find_file(disk, name);
    CHECK(file && file->change_count == 0 && offset + size <= file->live.size);
    for (int64_t i = offset; i < offset + size; i++)
        file->live.data[i] = file->durable.data[i] = (unsigned char)next_random(disk);
}
