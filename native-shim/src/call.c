// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

// Writes the payload, or, while there is no memory for it, finds its size.
struct writer {
    uint8_t *bytes;
    size_t used;
};

static void put(struct writer *out, const void *bytes, size_t length) {
    if (out->bytes) memcpy(out->bytes + out->used, bytes, length);
    out->used += length;
}

static void put_number(struct writer *out, uint32_t number) {
    put(out, &number, sizeof number);
}

static void put_string(struct writer *out, const char *string) {
    size_t length = strlen(string);
    put_number(out, (uint32_t)length); // what is longer than MAX_FRAME is not sent
    put(out, string, length);
}

static void put_strings(struct writer *out, char *const strings[]) {
    uint32_t count = 0;
    while (strings[count]) count++;
    put_number(out, count);
    for (uint32_t n = 0; n < count; n++) put_string(out, strings[n]);
}

struct terminal {
    uint32_t descriptors; // bit n: descriptor n is one
    struct winsize size;  // of the first
};

static struct terminal find_terminal(void) {
    struct terminal terminal = {0};
    for (int fd = STDERR_FILENO; fd >= STDIN_FILENO; fd--) {
        struct winsize size;
        if (!ioctl(fd, TIOCGWINSZ, &size)) {
            terminal.descriptors |= UINT32_C(1) << fd;
            terminal.size = size;
        }
    }
    return terminal;
}

int call_send(int channel, int seconds, const struct home *home, char *const arguments[]) {
    struct terminal terminal = find_terminal();
    mode_t mask = umask(0);
    umask(mask);
    char cwd[PATH_MAX];
    if (!getcwd(cwd, sizeof cwd)) // deleted, outside the root directory, or too long
        cwd[0] = '\0';

    static uint8_t usual[4096]; // to get memory from the kernel and give it back takes longer than to write a call
    struct writer out = {0};
    for (;;) {
        put_number(&out, FORMAT_VERSION);
        put_number(&out, (uint32_t)getpid());
        put_number(&out, mask);
        put_number(&out, terminal.descriptors);
        put_number(&out, terminal.size.ws_row);
        put_number(&out, terminal.size.ws_col);
        put_string(&out, home->path);
        put_string(&out, home->build);
        put_string(&out, cwd);
        put_strings(&out, arguments);
        put_strings(&out, environ);
        if (out.bytes) break;
        if (out.used > MAX_FRAME) return EMSGSIZE;
        out.bytes = out.used <= sizeof usual ? usual : memory_take(out.used, out.used);
        if (!out.bytes) return ENOMEM;
        out.used = 0;
    }
    struct iovec parts[] = {{0}, {out.bytes, out.used}};
    int error = channel_send(channel, seconds, FRAME_CALL, parts, 2);
    explicit_bzero(out.bytes, out.used); // children would carry it
    if (out.bytes != usual) memory_give(out.bytes, out.used);
    return error;
}
