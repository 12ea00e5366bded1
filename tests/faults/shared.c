/* What a shared file system may do to a program, preloaded by tests/command/shared.rs. By environment variables:
   LOCKS=none   flock fails, as where a file system knows no locks;
   LOCKS=local  flock always succeeds, as where locks hold on one computer alone and the others are elsewhere;
   QUOTA=N      writes to journals fail from the N-th on, as where a quota is reached;
   LOST=N       the N-th write to a journal is said to be done and is not there afterwards, as where another computer
                writes to the same end of the file. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int flock(int file, int how) {
    const char *locks = getenv("LOCKS");
    if (locks && !strcmp(locks, "none")) {
        errno = ENOLCK;
        return -1;
    }
    return locks ? 0 : (int)syscall(SYS_flock, file, how);
}

static int is_journal(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    return strstr(path, "/journal-") != NULL;
}

ssize_t write(int file, const void *bytes, size_t length) {
    static int writes;
    const char *quota = getenv("QUOTA"), *lost = getenv("LOST");
    if ((quota || lost) && is_journal(file)) {
        writes++;
        if (quota && writes >= atoi(quota)) {
            errno = EDQUOT;
            return -1;
        }
        if (lost && writes == atoi(lost))
            return (ssize_t)length;
    }
    return syscall(SYS_write, file, bytes, length);
}
