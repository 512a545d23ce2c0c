/* Breaks the disk and the clock of one process, for tests: LD_PRELOAD=faults.so.
 *
 * CALMVOICE_FAULT is looked at on each call, so that a program may break its own disk:
 *   fsync     fsync and fdatasync fail (EIO)
 *   readonly  nothing under CALMVOICE_FAULT_UNDER can be opened for writing (EROFS)
 *   full      nothing can be written to a file under it (ENOSPC)
 * CALMVOICE_CLOCK names a file with seconds as text; the wall clock is off by them.
 *
 * cc -shared -fPIC -O1 -o faults.so faults.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int fault_is(const char *name) {
    const char *fault = getenv("CALMVOICE_FAULT");
    return fault != NULL && strcmp(fault, name) == 0;
}

static int is_under(const char *path) {
    const char *under = getenv("CALMVOICE_FAULT_UNDER");
    return under != NULL && path != NULL && strncmp(path, under, strlen(under)) == 0;
}

static int is_file_under(int number) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", number);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return is_under(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int number) {
    if (fault_is("fsync") && is_file_under(number)) {
        errno = EIO;
        return -1;
    }
    return REAL(fsync)(number);
}

int fdatasync(int number) {
    if (fault_is("fsync") && is_file_under(number)) {
        errno = EIO;
        return -1;
    }
    return REAL(fdatasync)(number);
}

static int refuses(const char *path, int flags) {
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    if (writes && fault_is("readonly") && is_under(path)) {
        errno = EROFS;
        return 1;
    }
    return 0;
}

#define OPEN(name)                                       \
    int name(const char *path, int flags, ...) {         \
        va_list rest;                                    \
        va_start(rest, flags);                           \
        mode_t mode = va_arg(rest, mode_t);              \
        va_end(rest);                                    \
        if (refuses(path, flags))                        \
            return -1;                                   \
        return REAL(name)(path, flags, mode);            \
    }

OPEN(open)
OPEN(open64)

static int is_full(int number) {
    if (fault_is("full") && is_file_under(number)) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

ssize_t write(int number, const void *bytes, size_t count) {
    return is_full(number) ? -1 : REAL(write)(number, bytes, count);
}

ssize_t pwrite(int number, const void *bytes, size_t count, off_t at) {
    return is_full(number) ? -1 : REAL(pwrite)(number, bytes, count, at);
}

ssize_t pwrite64(int number, const void *bytes, size_t count, off64_t at) {
    return is_full(number) ? -1 : REAL(pwrite64)(number, bytes, count, at);
}

static double off_by(void) {
    const char *path = getenv("CALMVOICE_CLOCK");
    char text[64] = "";
    if (path == NULL)
        return 0;
    int number = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
    if (number < 0)
        return 0;
    ssize_t length = read(number, text, sizeof text - 1);
    close(number);
    return length > 0 ? atof(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *out) {
    int done = (int)syscall(SYS_clock_gettime, clock, out);
    if (done == 0 && clock == CLOCK_REALTIME)
        out->tv_sec += (time_t)off_by();
    return done;
}
