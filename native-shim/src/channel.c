// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int send_all(int channel, int seconds, struct iovec *parts, uint8_t count) {
    while (count) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
        ssize_t sent = sendmsg(channel, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN && signals_await(channel, POLLOUT, seconds)) continue;
        if (sent < 0) return EPIPE;
        for (; count && (size_t)sent >= parts->iov_len; parts++, count--) sent -= (ssize_t)parts->iov_len;
        if (count) {
            parts->iov_base = (char *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
    return 0;
}

static bool unannounced; // whether READY is to be said
static uint8_t usual[1024]; // for one answer at a time: to get memory from the kernel takes longer than to read it

void channel_announce(bool whether) {
    unannounced = whether;
}

int channel_send(int channel, int seconds, uint32_t type, struct iovec *parts, uint8_t count) {
    uint64_t length = 0; // parts are in memory, so no overflow
    for (unsigned n = 1; n < count; n++) length += parts[n].iov_len;
    if (length > MAX_FRAME) return EMSGSIZE;
    uint32_t headers[] = {FRAME_READY, 0, type, (uint32_t)length};
    unsigned first = unannounced && type != FRAME_READY ? 0 : 2;
    parts[0] = (struct iovec){headers + first, sizeof headers - first * sizeof *headers};
    unannounced = false;
    return send_all(channel, seconds, parts, count);
}

static int receive_all(int channel, void *bytes, size_t length) {
    for (size_t had = 0; had < length;) {
        ssize_t got = recv(channel, (char *)bytes + had, length - had, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN && signals_await(channel, POLLIN, FOREVER)) continue;
        if (got <= 0) return EPIPE;
        had += (size_t)got;
    }
    return 0;
}

int channel_receive(int channel, struct frame *frame) {
    uint32_t header[2];
    if (unannounced && !signals_await(channel, POLLIN, 0) && // the other side may wait for that
        channel_send(channel, FOREVER, FRAME_READY, &(struct iovec){0}, 1))
        return EPIPE;
    signals_await(channel, POLLIN, FOREVER);
    int error = receive_all(channel, header, sizeof header);
    if (error) return error;
    if (header[1] > MAX_FRAME) return EBADMSG;
    bool is_usual = header[0] == FRAME_GO && header[1] <= sizeof usual;
    *frame = (struct frame){header[0], header[1], is_usual ? usual : memory_take(header[1], header[1])};
    if (!frame->payload) return ENOMEM;
    error = receive_all(channel, frame->payload, frame->length);
    if (error) frame_free(frame);
    return error;
}

static bool is_unread(int channel) {
    int bytes;
    return !ioctl(channel, TIOCOUTQ, &bytes) && bytes;
}

bool channel_is_taken(int channel, int seconds) {
    if (signals_await(channel, POLLIN, seconds) || !is_unread(channel)) return true;
    // Whoever reads the call later sees that it is void. If it was read just now, its reader may not have seen that.
    shutdown(channel, SHUT_WR);
    return !is_unread(channel);
}

void frame_free(struct frame *frame) {
    if (frame->payload != usual) memory_give(frame->payload, frame->length);
    frame->payload = NULL;
}
