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

#define NAME_SIZE (DECIMAL_SIZE + 17)

static bool is_ours_alone(const struct stat *status) {
    return S_ISDIR(status->st_mode) && status->st_uid == geteuid() && !(status->st_mode & (S_IWGRP | S_IWOTH));
}

// The directory of the sockets. To root of a user namespace that is nobody but a user outside, /run does not belong.
static bool find_directory(const struct identity *own, char path[static PATH_MAX]) {
    struct stat status;
    if (geteuid() == 0 && (own->namespaces[2] == FIRST_USER_NAMESPACE || stat("/run", &status) || status.st_uid == 0))
        return text_join(path, PATH_MAX, "/run/jrun/engine");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    return runtime && runtime[0] == '/' && !stat(runtime, &status) && is_ours_alone(&status) &&
           text_join(path, PATH_MAX, runtime, "/jrun/engine");
}

static uint64_t fnv1a(const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++) hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return hash;
}

// The inode number of the pid namespace, so that an engine knows which links to pids it can tell dead ones among, then
// "BUILD UID GID GROUPS mnt:INODE pid:INODE user:INODE cgroup:INODE time:INODE ROOTDEVICE:ROOTINODE:ROOTMOUNT", hashed.
static void name_socket(const char *build, const struct identity *own, char name[static NAME_SIZE]) {
    const uint64_t numbers[] = {geteuid(),
                                getegid(),
                                own->namespaces[0],
                                own->namespaces[1],
                                own->namespaces[2],
                                own->namespaces[3],
                                own->time,
                                own->root[0],
                                own->root[1],
                                own->root[2]};
    char texts[sizeof numbers / sizeof *numbers][DECIMAL_SIZE], hex[17] = "";
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) text_decimal(numbers[n], texts[n]);
    char key[BUILD_SIZE + sizeof texts + GROUPS_SIZE + sizeof "   mnt: pid: user: cgroup: time:  ::"];
    text_join(key, sizeof key, build, " ", texts[0], " ", texts[1], " ", own->groups, " mnt:", texts[2], " pid:", texts[3],
              " user:", texts[4], " cgroup:", texts[5], " time:", texts[6], " ", texts[7], ":", texts[8], ":", texts[9]);
    uint64_t hash = fnv1a(key);
    for (unsigned n = 16; n-- > 0; hash >>= 4) hex[n] = "0123456789abcdef"[hash & 15];
    text_join(name, NAME_SIZE, texts[3], "-", hex);
}

// Where a listener's queue is full we wait, for a while, and may be ended by a signal.
static bool connect_to(int fd, const struct sockaddr_un *address) {
    struct timeval bound = {.tv_sec = PATIENCE};
    bool connected = !connect(fd, (const struct sockaddr *)address, sizeof *address);
    bool full = !connected && errno == EAGAIN;
    if ((!connected && !full) || fcntl(fd, F_SETFL, 0)) return false;
    if (connected) return true;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound)) return false;
    signals_end_us();
    connected = !connect(fd, (const struct sockaddr *)address, sizeof *address);
    signals_hold();
    return connected;
}

// Through the directory's descriptor: sun_path is short, and the directory is the one that was checked.
static int connect_in(int directory, const char *name) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char number[DECIMAL_SIZE];
    text_decimal((uint64_t)directory, number);
    if (fd >= 0 && text_join(address.sun_path, sizeof address.sun_path, "/proc/self/fd/", number, "/", name) &&
        connect_to(fd, &address))
        return fd;
    if (fd >= 0) close(fd);
    return -1;
}

static bool read_link(int directory, const char *name, char *text, size_t size) {
    ssize_t length = readlinkat(directory, name, text, size);
    if (length < 0 || (size_t)length == size) return false;
    text[length] = '\0';
    return true;
}

// The pid and the descriptor of a link to /proc/PID/fd/DESCRIPTOR.
static bool read_way(int directory, const char *name, uint64_t *pid, uint64_t *descriptor) {
    static const char first[] = "/proc/", second[] = "/fd/";
    char link[64];
    if (!read_link(directory, name, link, sizeof link) || strncmp(link, first, sizeof first - 1)) return false;
    char *number = link + sizeof first - 1, *slash = strchr(number, '/');
    if (!slash || strncmp(slash, second, sizeof second - 1)) return false;
    *slash = '\0';
    return text_number(number, 10, 9, pid) && text_number(slash + sizeof second - 1, 10, 9, descriptor) && *pid;
}

// Whether this descriptor of a process is the socket that an engine of this pid had at this place: by the name that it
// had, and the mount that it was on, which no other mount namespace can make. The kernel tells both by itself.
static bool is_engines(const struct engine *engine, const char *name, int proc, const char *pid, const char *descriptor) {
    char file[32], text[PATH_MAX], end[NAME_SIZE + 48];
    uint64_t directory[3], mount;
    text_join(end, sizeof end, "/.", name, ".", pid, " (deleted)");
    text_join(file, sizeof file, "fd/", descriptor);
    if (!read_link(proc, file, text, sizeof text) || strlen(text) < strlen(end) ||
        strcmp(text + strlen(text) - strlen(end), end))
        return false;
    text_join(file, sizeof file, "fdinfo/", descriptor);
    return identity_mount(proc, file, &mount) && identity_place(engine->directory, "", directory) && mount == directory[2];
}

// An engine that was killed leaves its link, and whoever has its pid now may have anything under that number: a socket
// that nobody listens at, or a file for which the kernel asks somebody who never answers. So nobody goes there before
// it is known who that is.
static int connect_by_link(const struct engine *engine, const char *name) {
    uint64_t pid, descriptor;
    if (!read_way(engine->directory, name, &pid, &descriptor)) return -1;
    int proc = identity_open_equal(&engine->key, (pid_t)pid), fd = -1;
    if (proc < 0) return -1;
    char pid_text[DECIMAL_SIZE], descriptor_text[DECIMAL_SIZE], file[32];
    text_decimal(pid, pid_text);
    text_decimal(descriptor, descriptor_text);
    text_join(file, sizeof file, "fd/", descriptor_text);
    if (is_engines(engine, name, proc, pid_text, descriptor_text)) fd = connect_in(proc, file);
    if (fd >= 0 && !identity_made(fd, (pid_t)pid, proc)) {
        close(fd);
        fd = -1;
    }
    close(proc);
    return fd;
}

static int connect_by_name(const struct engine *engine, const char *name) {
    int fd = connect_in(engine->directory, name);
    if (fd < 0 || identity_is_peers(&engine->key, fd)) return fd;
    close(fd);
    return -1;
}

void engine_find(const struct home *home, struct engine *engine) {
    char path[PATH_MAX], name[NAME_SIZE];
    struct stat status;
    engine->directory = -1;
    engine->socket[0] = '\0';
    if (!identity_read_own(&engine->key) || engine->key.seccomp || !find_directory(&engine->key, path)) return;
    int directory = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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
        fd = connect_by_link(engine, strrchr(engine->socket, '/') + 1);
        if (fd < 0) fd = connect_by_name(engine, "service.sock"); // which a service manager made
    }
    close(engine->directory); // programs make processes that must not have it
    engine->directory = -1;
    return fd;
}
