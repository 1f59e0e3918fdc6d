/* Preloaded into a process under test: while the folder that TROUBLE names holds a file "clock",
   the time of day is so many seconds off; while it holds "no-names", no host has an address. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *in_folder(const char *name, char *path, size_t size) {
    const char *folder = getenv("TROUBLE");
    if (!folder || snprintf(path, size, "%s/%s", folder, name) >= (int)size) return NULL;
    return access(path, R_OK) == 0 ? path : NULL;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int status = real(which, now);
    char path[4096];
    if (status == 0 && which == CLOCK_REALTIME && in_folder("clock", path, sizeof path)) {
        FILE *file = fopen(path, "r");
        long off = 0;
        if (file) {
            if (fscanf(file, "%ld", &off) == 1) now->tv_sec += off;
            fclose(file);
        }
    }
    return status;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!real) real = dlsym(RTLD_NEXT, "getaddrinfo");
    char path[4096];
    if (in_folder("no-names", path, sizeof path)) return EAI_AGAIN;
    return real(node, service, hints, found);
}
