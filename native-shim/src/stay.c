// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <string.h>
#include <sys/stat.h>

// The kernel's constant inode numbers of the first namespaces, include/uapi/linux/nsfs.h. Those of mnt and net are
// constant since Linux 6.18; before, the first mount namespace gets one of the first numbers that are given to
// anything.
#define FIRST_DYNAMIC UINT64_C(0xF0000000)

static const struct kind {
    const char *own, *first;
    uint64_t constant;
} kinds[] = {
    {"/proc/self/ns/user", NULL, 0xEFFFFFFD}, {"/proc/self/ns/pid", NULL, 0xEFFFFFFC},
    {"/proc/self/ns/uts", NULL, 0xEFFFFFFE},  {"/proc/self/ns/ipc", NULL, 0xEFFFFFFF},
    {"/proc/self/ns/cgroup", NULL, 0xEFFFFFFB}, {"/proc/self/ns/time", NULL, 0xEFFFFFFA},
    {"/proc/self/ns/net", "/proc/1/ns/net", 0xEFFFFFF9}, {"/proc/self/ns/mnt", "/proc/1/ns/mnt", 0xEFFFFFF8},
};

static bool is_first(const struct kind *kind) {
    struct stat own, first;
    if (stat(kind->own, &own)) return true; // this kernel has no such namespaces
    if (own.st_ino == kind->constant) return true;
    if (!kind->first) return false;
    if (!stat(kind->first, &first)) return own.st_ino == first.st_ino;
    // Process 1 has more rights than we, so that it may not be looked into.
    return own.st_ino >= FIRST_DYNAMIC && (own.st_ino <= FIRST_DYNAMIC + 1 || strstr(kind->own, "net"));
}

// Elsewhere than in the first namespaces an engine keeps its surroundings alive, so that it is to be asked for.
bool stay_is_wanted(const char *idle) {
    uint64_t seconds;
    if (idle) return text_number(idle, 10, 7, &seconds) && seconds;
    for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++)
        if (!is_first(&kinds[n])) return false;
    return true;
}
