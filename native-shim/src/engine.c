// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_ours_alone(const struct stat *status) {
    return S_ISDIR(status->st_mode) && status->st_uid == geteuid() && !(status->st_mode & (S_IWGRP | S_IWOTH));
}

// The directory of the sockets.
static bool find_directory(char path[static PATH_MAX]) {
    if (geteuid() == 0) return text_join(path, PATH_MAX, "/run/jrun/engine");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct stat status;
    return runtime && runtime[0] == '/' && !stat(runtime, &status) && is_ours_alone(&status) &&
           text_join(path, PATH_MAX, runtime, "/jrun/engine");
}

static uint64_t fnv1a(const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++) hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return hash;
}

// "BUILD UID GID GROUPS mnt:INODE pid:INODE user:INODE cgroup:INODE time:INODE ROOTDEVICE:ROOTINODE", hashed.
static void name_socket(const char *build, const struct identity *own, char name[static 17]) {
    const uint64_t numbers[] = {
        geteuid(),    getegid(), own->namespaces[0][1], own->namespaces[1][1], own->namespaces[2][1], own->namespaces[3][1],
        own->time[1], own->root[0],          own->root[1]};
    char texts[sizeof numbers / sizeof *numbers][DECIMAL_SIZE];
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) text_decimal(numbers[n], texts[n]);
    char key[BUILD_SIZE + sizeof texts + GROUPS_SIZE + sizeof "   mnt: pid: user: cgroup: time:  :"];
    text_join(key, sizeof key, build, " ", texts[0], " ", texts[1], " ", own->groups, " mnt:", texts[2], " pid:", texts[3],
              " user:", texts[4], " cgroup:", texts[5], " time:", texts[6], " ", texts[7], ":", texts[8]);
    uint64_t hash = fnv1a(key);
    for (unsigned n = 16; n-- > 0; hash >>= 4) name[n] = "0123456789abcdef"[hash & 15];
    name[16] = '\0';
}

// Through the directory's descriptor: sun_path is short, and the directory is the one that was checked.
static int connect_in(int directory, const char *name, const struct identity *own) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval bound = {.tv_sec = PATIENCE}; // for connect(), when the listener's queue is full
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char number[DECIMAL_SIZE];
    text_decimal((uint64_t)directory, number);
    if (fd >= 0 && text_join(address.sun_path, sizeof address.sun_path, "/proc/self/fd/", number, "/", name) &&
        !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound) &&
        !connect(fd, (struct sockaddr *)&address, sizeof address) && identity_is_peers(own, fd))
        return fd;
    if (fd >= 0) close(fd);
    return -1;
}

void engine_find(const struct home *home, struct engine *engine) {
    char path[PATH_MAX], name[17];
    struct stat status;
    *engine = (struct engine){.directory = -1};
    if (!identity_read_own(&engine->key) || engine->key.seccomp || !find_directory(path)) return;
    int directory = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0 ? errno != ENOENT : fstat(directory, &status) || !is_ours_alone(&status)) {
        if (directory >= 0) close(directory);
        return;
    }
    engine->directory = directory;
    name_socket(home->build, &engine->key, name);
    text_join(engine->socket, sizeof engine->socket, path, "/", name);
}

int engine_connect(struct engine *engine) {
    int fd = -1;
    if (engine->directory >= 0 && engine->socket[0]) {
        fd = connect_in(engine->directory, strrchr(engine->socket, '/') + 1, &engine->key);
        if (fd < 0) fd = connect_in(engine->directory, "service.sock", &engine->key);
    }
    close(engine->directory); // programs make processes that must not have it
    engine->directory = -1;
    return fd;
}
