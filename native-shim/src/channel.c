// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static int send_all(int channel, struct iovec *parts, uint8_t count) {
    while (count) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
        ssize_t sent = sendmsg(channel, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return EPIPE;
        for (; count && (size_t)sent >= parts->iov_len; parts++, count--) sent -= (ssize_t)parts->iov_len;
        if (count) {
            parts->iov_base = (char *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
    return 0;
}

int channel_send(int channel, uint32_t type, struct iovec *parts, uint8_t count) {
    uint64_t length = 0; // parts are in memory, so no overflow
    for (unsigned n = 1; n < count; n++) length += parts[n].iov_len;
    if (length > MAX_FRAME) return EMSGSIZE;
    uint32_t header[] = {type, (uint32_t)length};
    parts[0] = (struct iovec){header, sizeof header};
    return send_all(channel, parts, count);
}

static int receive_all(int channel, void *bytes, size_t length) {
    for (size_t had = 0; had < length;) {
        ssize_t got = recv(channel, (char *)bytes + had, length - had, MSG_WAITALL);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return EPIPE;
        had += (size_t)got;
    }
    return 0;
}

// Waits for the other side. Signals are blocked, but Ctrl-C and its like must not wait for an engine: here they end the
// process, and the engine then finds its session broken.
static void await_frame(int channel) {
    static const uint64_t others = ~(UINT64_C(1) << (SIGHUP - 1) | UINT64_C(1) << (SIGINT - 1) |
                                     UINT64_C(1) << (SIGQUIT - 1) | UINT64_C(1) << (SIGTERM - 1));
    struct pollfd readable = {.fd = channel, .events = POLLIN};
    system_call(SYS_ppoll, (uint64_t[OPERANDS]){(uintptr_t)&readable, 1, 0, (uintptr_t)&others, sizeof others});
}

int channel_receive(int channel, struct frame *frame) {
    uint32_t header[2];
    await_frame(channel);
    int error = receive_all(channel, header, sizeof header);
    if (error) return error;
    if (header[1] > MAX_FRAME) return EBADMSG;
    *frame = (struct frame){header[0], header[1], memory_take(header[1])};
    if (!frame->payload) return ENOMEM;
    error = receive_all(channel, frame->payload, frame->length);
    if (error) frame_free(frame);
    return error;
}

void frame_free(struct frame *frame) {
    memory_give(frame->payload, frame->length);
    frame->payload = NULL;
}
