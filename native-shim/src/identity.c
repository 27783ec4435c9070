// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 // Linux 6.5
#endif

#define STATX_INODE UINT64_C(0x100) // linux/stat.h, which musl's headers lack
#define STATX_MOUNT UINT64_C(0x1000)

#define STATUS_SIZE 8192

// Reads a whole file and puts a NUL behind it. False, with errno, on errors and if it does not fit.
static bool read_file(int directory, const char *name, char *out, size_t size) {
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    size_t used = 0;
    ssize_t got;
    while ((got = read(fd, out + used, size - 1 - used)) > 0) used += (size_t)got;
    int error = got < 0 ? errno : EFBIG;
    close(fd);
    errno = error;
    out[used] = '\0';
    return got == 0 && used < size - 1;
}

static bool read_inode(int directory, const char *name, uint64_t inode[2]) {
    struct stat status;
    if (fstatat(directory, name, &status, 0)) return false;
    inode[0] = status.st_dev;
    inode[1] = status.st_ino;
    return true;
}

// The number in a link to a namespace, such as "mnt:[4026531841]": to follow it, the kernel makes a file.
static bool read_namespace(int directory, const char *link, uint64_t *inode) {
    char text[32];
    ssize_t length = readlinkat(directory, link, text, sizeof text);
    if (length < 0) return false;
    char *begin = memchr(text, '[', (size_t)length), *end = memchr(text, ']', (size_t)length);
    errno = EPROTO; // other than ENOENT
    if (!begin || !end) return false;
    *end = '\0';
    return text_number(begin + 1, 10, 10, inode);
}

// What follows the name of a line, at or behind at, which moves there. Names are escaped: no line can be forged.
static const char *find_line(const char **at, const char *name) {
    while (*at && strncmp(*at, name, strlen(name))) *at = **at ? strchr(*at + 1, '\n') : NULL;
    return *at ? *at + strlen(name) : NULL;
}

static bool status_value(const char **at, const char *name, unsigned base, uint64_t *value) {
    const char *word = find_line(at, name);
    return word && text_number(word, base, 16, value);
}

bool identity_mount(int directory, const char *fdinfo, uint64_t *mount) {
    char text[128]; // what it says of every file comes first, and is less
    int fd = openat(directory, fdinfo, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (length < 0) return false;
    text[length] = '\0';
    return status_value(&(const char *){text}, "\nmnt_id:\t", 10, mount);
}

// Where statx(2) is missing, or does not know of mounts, as before Linux 5.8.
static bool read_place_by_descriptor(int directory, const char *name, uint64_t place[3]) {
    int fd = openat(directory, *name ? name : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char number[DECIMAL_SIZE], fdinfo[48];
    text_decimal((uint64_t)fd, number);
    text_join(fdinfo, sizeof fdinfo, "/proc/self/fdinfo/", number);
    bool read = fd >= 0 && read_inode(fd, ".", place) && identity_mount(AT_FDCWD, fdinfo, &place[2]);
    if (fd >= 0) close(fd);
    return read;
}

bool identity_place(int directory, const char *name, uint64_t place[3]) {
    uint64_t status[32] = {0}; // struct statx
    if (syscall(SYS_statx, directory, name, AT_EMPTY_PATH, STATX_MOUNT | STATX_INODE, status) || !(status[0] & STATX_MOUNT))
        return read_place_by_descriptor(directory, name, place);
    place[0] = status[17]; // stx_dev_major, stx_dev_minor
    place[1] = status[4];  // stx_ino
    place[2] = status[18]; // stx_mnt_id
    return true;
}

// Whether all four ids of the line with this name are this one.
static bool all_are(const char **at, const char *name, const char *id) {
    char ids[4 * DECIMAL_SIZE];
    const char *word = find_line(at, name);
    return word && text_join(ids, sizeof ids, id, "\t", id, "\t", id, "\t", id, "\n") && !strncmp(word, ids, strlen(ids));
}

// What the kernel shows for ids that a user namespace has no number for; "" where there are none. False if unreadable.
static bool read_unmapped(const struct identity *identity, const char *name, char id[static DECIMAL_SIZE]) {
    id[0] = '\0';
    if (identity->namespaces[2] == FIRST_USER_NAMESPACE) return true;
    if (!read_file(AT_FDCWD, name, id, DECIMAL_SIZE)) return false;
    id[strcspn(id, "\n")] = '\0';
    return true;
}

// Reads the supplementary groups but for gid, which a process that has it anyway may have among them or not: a login
// has it there, a service does not. False if they do not fit, or one cannot be told from others.
static bool read_groups(const char **at, const char *gid, const char *unmapped, char groups[static GROUPS_SIZE]) {
    const char *word = find_line(at, "\nGroups:\t");
    if (!word) return false;
    size_t used = 0, length;
    for (; *word && *word != '\n'; word += length) {
        length = strcspn(word, " \n");
        if (!length) {
            length = 1; // a space
            continue;
        }
        if (length == strlen(unmapped) && !memcmp(word, unmapped, length)) return false;
        if (length == strlen(gid) && !memcmp(word, gid, length)) continue;
        if (used + length + 1 >= GROUPS_SIZE) return false;
        memcpy(groups + used, word, length);
        used += length;
        groups[used++] = ' ';
    }
    groups[used] = '\0';
    return true;
}

// Whether the numbers in /proc are those of the process's own pid namespace: it has one there, and one more in each
// namespace between.
static bool has_one_pid(const char **at) {
    const char *word = find_line(at, "\nNSpid:\t");
    return word && word[strspn(word, "0123456789")] == '\n';
}

// The namespaces are known already.
static bool read_status(int proc, struct identity *identity) {
    char status[STATUS_SIZE], uid[DECIMAL_SIZE], gid[DECIMAL_SIZE], no_uid[DECIMAL_SIZE], no_gid[DECIMAL_SIZE];
    const char *at = status;
    return text_decimal(geteuid(), uid) && text_decimal(getegid(), gid) &&
           read_unmapped(identity, "/proc/sys/kernel/overflowuid", no_uid) && strcmp(uid, no_uid) &&
           read_unmapped(identity, "/proc/sys/kernel/overflowgid", no_gid) && strcmp(gid, no_gid) &&
           read_file(proc, "status", status, sizeof status) && all_are(&at, "\nUid:\t", uid) && all_are(&at, "\nGid:\t", gid) &&
           read_groups(&at, gid, no_gid, identity->groups) && has_one_pid(&at) &&
           status_value(&at, "\nSigIgn:\t", 16, &identity->ignored) &&
           status_value(&at, "\nCapPrm:\t", 16, &identity->capabilities[0]) &&
           status_value(&at, "\nCapEff:\t", 16, &identity->capabilities[1]) &&
           status_value(&at, "\nCapBnd:\t", 16, &identity->capabilities[2]) &&
           status_value(&at, "\nNoNewPrivs:\t", 10, &identity->no_new_privileges) &&
           status_value(&at, "\nSeccomp:\t", 10, &identity->seccomp);
}

// Reads all but the root directory of the process whose directory in /proc is open as proc, and its label only if
// processes have some. False also if its uids or gids are not all ours. Nothing here waits for anybody but the kernel.
static bool identity_read(int proc, bool has_label, struct identity *identity) {
    static const char *const names[NAMESPACES] = {"ns/mnt", "ns/pid", "ns/user", "ns/cgroup"};
    memset(identity, 0, offsetof(struct identity, groups));
    identity->groups[0] = '\0';
    // Before Linux 5.6 nobody has one. Who has none since has ended, and has none of the others either.
    if (!read_namespace(proc, "ns/time", &identity->time) && errno != ENOENT) return false;
    for (unsigned n = 0; n < NAMESPACES; n++)
        if (!read_namespace(proc, names[n], &identity->namespaces[n])) return false;
    if (!read_status(proc, identity)) return false;
    // EINVAL and ENOENT: no security module has a label for it, which is a label like any other.
    if (has_label && !read_file(proc, "attr/current", identity->label, sizeof identity->label)) {
        if (errno != EINVAL && errno != ENOENT) return false;
        memset(identity->label, 0, sizeof identity->label);
    }
    return true;
}

void identity_check_pids(const struct identity *identity) {
    uint64_t own = identity->namespaces[1], childrens;
    // There is none for children of a process that has made a pid namespace, and no process in it yet.
    if ((own || read_namespace(AT_FDCWD, "/proc/self/ns/pid", &own)) &&
        (!read_namespace(AT_FDCWD, "/proc/self/ns/pid_for_children", &childrens) || own != childrens))
        die("the caller's children would be in another pid namespace than the caller is");
}

// musl's open() sets FD_CLOEXEC once more, by a system call; openat() does not.
bool identity_read_own(struct identity *identity) {
    identity->ignored = ~UINT64_C(0);
    char self[DECIMAL_SIZE], pid[DECIMAL_SIZE];
    ssize_t length = readlink("/proc/self", self, sizeof self - 1);
    text_decimal((uint64_t)getpid(), pid);
    if (length < 0) return false;
    self[length] = '\0';
    int proc = openat(AT_FDCWD, "/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return false;
    bool read = !strcmp(self, pid) && identity_read(proc, true, identity) && identity_place(proc, "root", identity->root);
    close(proc);
    return read;
}

static int peer_pidfd(int connection, pid_t pid) {
    int pidfd;
    socklen_t length = sizeof pidfd;
    if (!getsockopt(connection, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length)) return pidfd;
    if (errno != ENOPROTOOPT && errno != EINVAL) return -1;
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

static bool lives(int pidfd) {
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    return poll(&ended, 1, 0) == 0;
}

// Whether the process whose directory in /proc is open as proc has this one. Its root directory may be on a file system
// that does not answer, such as a container's own: it is looked at only where all else is the same, the mount namespace
// and the rights among it.
static bool is_identity_of(const struct identity *identity, int proc) {
    struct identity its;
    // Security modules are chosen when the machine starts, and give each process a label or none.
    return !identity->seccomp && identity_read(proc, identity->label[0], &its) && !memcmp(&its, identity, offsetof(struct identity, root)) &&
           !strcmp(its.groups, identity->groups) && identity_place(proc, "root", its.root) && !memcmp(its.root, identity->root, sizeof its.root);
}

int identity_open_equal(const struct identity *identity, pid_t pid) {
    char number[DECIMAL_SIZE], directory[32];
    text_decimal((uint64_t)pid, number);
    text_join(directory, sizeof directory, "/proc/", number);
    int proc = openat(AT_FDCWD, directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0 || is_identity_of(identity, proc)) return proc;
    close(proc);
    return -1;
}

// 0 if there is none that we see.
static pid_t peer_pid(int connection) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) ? 0 : peer.pid;
}

bool identity_made(int connection, pid_t pid, int proc) {
    if (peer_pid(connection) != pid) return false;
    // Both descriptors hold on to a process, whatever becomes of its pid. It is the same one: what is found by proc
    // shows that its process has the pid later than pidfd was opened, and pidfd that its process has it later still.
    int pidfd = peer_pidfd(connection, pid);
    uint64_t inode;
    bool same = pidfd >= 0 && read_namespace(proc, "ns/pid", &inode) && lives(pidfd);
    if (pidfd >= 0) close(pidfd);
    return same;
}

bool identity_is_peers(const struct identity *identity, int connection) {
    pid_t pid = peer_pid(connection);
    int proc = pid > 0 ? identity_open_equal(identity, pid) : -1;
    bool same = proc >= 0 && identity_made(connection, pid, proc);
    if (proc >= 0) close(proc);
    return same;
}
