// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void read_build(struct home *home) {
    char path[PATH_MAX];
    if (!text_join(path, sizeof path, home->path, "/lib/build")) die("the path of the distribution is too long");
    char line[BUILD_SIZE + 1];
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, line, sizeof line);
    if (length < 0) die("cannot read ", path, ": ", text_error(errno));
    close(fd);
    if (length > 0 && line[length - 1] == '\n') length--;
    for (ssize_t n = 0; n < length; n++)
        if (!memchr("0123456789abcdef", line[n], 16)) length = 0;
    if (length < 1 || length >= BUILD_SIZE) die(path, " does not name a build: install jrun again");
    memcpy(home->build, line, (size_t)length);
    home->build[length] = '\0';
}

void home_find(struct home *home) {
    static const char place[] = "/bin/jrun";
    ssize_t length = readlink("/proc/self/exe", home->path, sizeof home->path);
    if (length < 0) die("cannot read /proc/self/exe: ", text_error(errno));
    if ((size_t)length == sizeof home->path) die("the path of the distribution is too long");
    home->path[length] = '\0';
    char *end = home->path + length - (sizeof place - 1);
    if (end < home->path || strcmp(end, place)) die(home->path, " is not bin/jrun of an installed jrun");
    *end = '\0';
    read_build(home);
}

void home_at(struct home *home, const char *path) {
    if (!text_join(home->path, sizeof home->path, path)) die("the path of the distribution is too long");
    read_build(home);
}
