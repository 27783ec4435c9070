// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <sys/stat.h>

// The kernel's constant inode numbers of the first namespaces, include/uapi/linux/nsfs.h. Those of mnt and net are
// constant since Linux 6.18; before, the first mount namespace gets one of the first numbers of all.
#define FIRST_DYNAMIC UINT64_C(0xF0000000)

// last: up to which number it is most likely the first, if process 1 may not be looked into; 0: it was always constant.
static bool is_first(const char *kind, uint64_t constant, uint64_t last) {
    char path[32];
    struct stat own, first;
    text_join(path, sizeof path, "/proc/self/ns/", kind);
    if (stat(path, &own) || own.st_ino == constant) return true; // or this kernel has no such namespaces
    text_join(path, sizeof path, "/proc/1/ns/", kind);
    if (last && !stat(path, &first)) return own.st_ino == first.st_ino;
    return own.st_ino >= FIRST_DYNAMIC && own.st_ino <= last;
}

bool company_is_needed(void) {
    return !is_first("user", FIRST_USER_NAMESPACE, 0) || !is_first("pid", 0xEFFFFFFC, 0) || !is_first("uts", 0xEFFFFFFE, 0) ||
           !is_first("ipc", 0xEFFFFFFF, 0) || !is_first("cgroup", 0xEFFFFFFB, 0) || !is_first("time", 0xEFFFFFFA, 0) ||
           !is_first("net", 0xEFFFFFF9, 1) || !is_first("mnt", 0xEFFFFFF8, FIRST_DYNAMIC + 1);
}
