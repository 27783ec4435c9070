// SPDX-License-Identifier: Apache-2.0
// Makes programs for tests.
#ifndef JRUN_ASSEMBLER_H
#define JRUN_ASSEMBLER_H

#include <string.h>
#include <sys/socket.h>

#include "check.h"
#include "shim.h"

struct source {
    struct header header;
    struct instruction code[128];
    uint32_t relocations[32];
    uint8_t data[4096];
};

// Kinds of operands: REGISTER(0) | ADDRESS(1) says that operand 0 is a register and operand 1 an address.
#define REGISTER(n) (KIND_REGISTER << (2 * (n)))
#define ADDRESS(n) (KIND_ADDRESS << (2 * (n)))

// Appends an instruction, with fields as in ADD(source, OP_EXIT, .operands = {7}); its value is the index.
#define ADD(source, ...) add_instruction(source, (struct instruction){.dst = NO_REGISTER, .op = __VA_ARGS__})

static inline uint32_t add_instruction(struct source *source, struct instruction instruction) {
    CHECK(source->header.instructions < sizeof source->code / sizeof *source->code);
    source->code[source->header.instructions] = instruction;
    return source->header.instructions++;
}

static inline struct source *new_source(void) {
    struct source *source = calloc(1, sizeof *source);
    CHECK(source);
    source->header.magic = MAGIC;
    return source;
}

// Appends data; its value is the offset.
static inline uint32_t add_data(struct source *source, const void *bytes, size_t length) {
    uint32_t at = source->header.data;
    CHECK(at + length + 7 <= sizeof source->data);
    memcpy(source->data + at, bytes, length);
    source->header.data += (uint32_t)(length + 7) & ~7u;
    source->header.image = source->header.data;
    return at;
}

static inline uint32_t add_string(struct source *source, const char *string) {
    return add_data(source, string, strlen(string) + 1);
}

// Appends a pointer to an offset in the image.
static inline uint32_t add_pointer(struct source *source, uint64_t target) {
    uint32_t at = add_data(source, &target, sizeof target);
    source->relocations[source->header.relocations++] = at;
    return at;
}

// The program's bytes, to be freed.
static inline uint8_t *assemble(const struct source *source, size_t *length) {
    const struct header *header = &source->header;
    size_t code = header->instructions * sizeof *source->code;
    size_t relocations = header->relocations * sizeof *source->relocations;
    *length = sizeof *header + code + relocations + header->data;
    uint8_t *bytes = malloc(*length), *at = bytes;
    CHECK(bytes);
    memcpy(at, header, sizeof *header);
    memcpy(at += sizeof *header, source->code, code);
    memcpy(at += code, source->relocations, relocations);
    memcpy(at + relocations, source->data, header->data);
    return bytes;
}

// Adds what is sent to a file of the calling test, as a seed for the fuzzer.
static inline void keep_seed(const void *bytes, size_t length) {
    const char *directory = getenv("JRUN_SEEDS");
    char path[4096];
    if (!directory || !length) return;
    snprintf(path, sizeof path, "%s/%d", directory, getpid());
    FILE *file = fopen(path, "a");
    CHECK(file && fwrite(bytes, 1, length, file) == length && !fclose(file));
}

static inline void send_bytes(int channel, const void *bytes, size_t length) {
    keep_seed(bytes, length);
    for (size_t sent = 0; sent < length;) {
        ssize_t now = send(channel, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
        CHECK(now > 0);
        sent += (size_t)now;
    }
}

static inline void send_frame(int channel, uint32_t type, const void *payload, size_t length) {
    uint32_t header[] = {type, (uint32_t)length};
    send_bytes(channel, header, sizeof header);
    send_bytes(channel, payload, length);
}

static inline void send_program(int channel, const struct source *source) {
    size_t length;
    uint8_t *bytes = assemble(source, &length);
    send_frame(channel, FRAME_PROGRAM, bytes, length);
    free(bytes);
}

// Receives a frame of this type.
static inline struct frame expect_frame(int channel, uint32_t type) {
    struct frame frame = {0};
    EQUAL(0, channel_receive(channel, &frame));
    EQUAL(type, frame.type);
    return frame;
}

#endif
