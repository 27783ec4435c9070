// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the input is what an engine sends, frames and all. The session decodes and executes it; system calls do
// nothing, memory is from malloc() so that AddressSanitizer sees its bounds, and the socket is the input.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "shim.h"

#define MOST_MEMORY (1 << 20) // of one piece; also tries out that there is no more

int relay_supervise(pid_t pid, const struct ends *ends, int *status) {
    *status = ends->master + ends->input + ends->output + ends->terminal;
    return pid & 1 ? ECHILD : 0;
}

int executable_adopt(int fd, char *const arguments[]) {
    (void)arguments;
    return fd & 1 ? EPERM : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
ssize_t __wrap_recv(int fd, void *out, size_t length, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);

static const uint8_t *input;
static size_t input_left;
static uint64_t calls;

ssize_t __wrap_recv(int fd, void *out, size_t length, int flags) {
    (void)fd, (void)flags;
    if (length > input_left) length = input_left;
    memcpy(out, input, length);
    input += length;
    input_left -= length;
    return (ssize_t)length;
}

// Takes a part of it only, and reads all that it takes.
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags) {
    (void)fd, (void)flags;
    static volatile uint8_t sum;
    size_t room = 1 + calls++ * 7919 % 100, taken = 0;
    for (size_t n = 0; n < message->msg_iovlen && taken < room; n++)
        for (size_t at = 0; at < message->msg_iov[n].iov_len && taken < room; at++, taken++)
            sum = (uint8_t)(sum + ((const uint8_t *)message->msg_iov[n].iov_base)[at]);
    return (ssize_t)taken;
}

void *memory_take(size_t size, size_t written) {
    (void)written;
    return size > MOST_MEMORY ? NULL : calloc(1, size + !size);
}

void memory_protect(void *memory, size_t size) {
    (void)memory, (void)size;
}

void memory_give(void *memory, size_t size) {
    (void)size;
    free(memory);
}

int64_t system_call(uint16_t nr, const uint64_t arguments[OPERANDS]) {
    uint64_t sum = nr + calls++;
    for (unsigned n = 0; n < OPERANDS; n++) sum += arguments[n];
    return (int64_t)(sum % 16) - 8;
}

bool system_call_forks(uint16_t nr) {
    return nr == 57;
}

int supervise(pid_t pid, int *status) {
    *status = pid;
    return pid & 1 ? ECHILD : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    input = bytes;
    input_left = length;
    calls = 0;
    struct session session = {.channel = -1};
    enum ending ending = session_run(&session);
    program_free(&session.program);
    if (ending == ENDING_EXIT ? session.code & ~255 : ending == ENDING_NONSENSE && !session.reason) abort();
    return 0;
}
