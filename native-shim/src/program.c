// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <string.h>

// What an instruction's fields may hold, by its op.
struct rule {
    uint8_t modes;       // so many, from 0; 0 = the widths 1, 2, 4, 8
    uint8_t plain;       // bit n: operand n is an offset in the image, so never of kind address
    bool target;         // must have a target
    bool target_or_none; // has one unless it is NO_TARGET
};

static const struct rule rules[] = {
    [OP_SYSCALL] = {.modes = SYSCALL_RETRY + 1},
    [OP_MOVE] = {.modes = 1},
    [OP_ALU] = {.modes = ALU_SHIFT_RIGHT + 1},
    [OP_LOAD] = {.modes = 0, .plain = 0x03},
    [OP_STORE] = {.modes = 0, .plain = 0x03},
    [OP_FORMAT] = {.modes = 1, .plain = 0x03},
    [OP_BRANCH] = {.modes = BRANCH_NO_BIT + 1, .target = true},
    [OP_ONFAIL] = {.modes = 1, .target_or_none = true},
    [OP_YIELD] = {.modes = YIELD_WAIT + 1, .plain = 0x1e},
    [OP_SUPERVISE] = {.modes = 1},
    [OP_EXIT] = {.modes = 1},
    [OP_END] = {.modes = END_READY + 1},
    [OP_FAIL] = {.modes = 1},
    [OP_HOLD] = {.modes = 1},
    [OP_RELAY] = {.modes = 1},
    [OP_ADOPT] = {.modes = 1},
};

static bool is_width(uint8_t mode) {
    return mode == 1 || mode == 2 || mode == 4 || mode == 8;
}

static const char *check_operands(const struct instruction *in, const struct header *header) {
    if (in->kinds >> (2 * OPERANDS)) return "a kind has no operand";
    for (unsigned n = 0; n < OPERANDS; n++) {
        unsigned kind = in->kinds >> (2 * n) & 3;
        if (kind > KIND_ADDRESS) return "an operand's kind is unknown";
        if (kind == KIND_REGISTER && in->operands[n] >= REGISTERS) return "an operand's register is out of range";
        if (kind == KIND_ADDRESS && in->operands[n] > header->image) return "an operand's address is outside the image";
        if (kind == KIND_ADDRESS && rules[in->op].plain >> n & 1) return "an offset is an address";
    }
    return NULL;
}

static const char *check_instruction(const struct instruction *in, const struct header *header) {
    if (in->op < OP_SYSCALL || in->op > OP_ADOPT) return "an instruction's op is unknown";
    const struct rule *rule = &rules[in->op];
    if (in->dst >= REGISTERS && in->dst != NO_REGISTER) return "a result's register is out of range";
    if (in->policy > (in->op == OP_SYSCALL ? POLICY_BRANCH : POLICY_FAIL)) return "an instruction's policy is unknown";
    if (rule->modes ? in->mode >= rule->modes : !is_width(in->mode)) return "an instruction's mode is unknown";
    if ((rule->target || in->policy == POLICY_BRANCH || (rule->target_or_none && in->target != NO_TARGET)) &&
        in->target >= header->instructions)
        return "an instruction's target is out of range";
    return check_operands(in, header);
}

static const char *check_header(const struct header *header, size_t length) {
    if (header->magic != MAGIC) return "it does not begin as one";
    if (header->flags & ~(uint32_t)FLAG_RETRYABLE || header->zero) return "it needs a newer shim";
    if (header->instructions < 1 || header->instructions > MAX_INSTRUCTIONS)
        return "its number of instructions is out of range";
    if (header->relocations > MAX_RELOCATIONS) return "it has too many relocations";
    if (header->image > MAX_IMAGE || header->data > header->image) return "its image is too large";
    // At most 16 MiB + 1 MiB + 64 MiB: no overflow.
    if (length != HEADER_SIZE + (size_t)header->instructions * INSTRUCTION_SIZE +
                      (size_t)header->relocations * sizeof(uint32_t) + header->data)
        return "its length does not match";
    return NULL;
}

static const char *check_code(const struct instruction *code, const struct header *header) {
    for (uint32_t n = 0; n < header->instructions; n++) {
        const char *wrong = check_instruction(&code[n], header);
        if (wrong) return wrong;
    }
    // Nothing else keeps the interpreter from running off the end.
    const struct instruction *last = &code[header->instructions - 1];
    bool ends = last->op == OP_EXIT || last->op == OP_END || last->op == OP_FAIL ||
                (last->op == OP_BRANCH && last->mode == BRANCH_ALWAYS);
    return ends ? NULL : "it falls off its end";
}

static const char *relocate(uint8_t *image, const struct header *header, const uint8_t *relocations) {
    for (uint32_t n = 0; n < header->relocations; n++) {
        uint32_t offset;
        memcpy(&offset, relocations + (size_t)n * sizeof offset, sizeof offset);
        uint64_t value;
        if (offset % sizeof value || header->data < sizeof value || offset > header->data - sizeof value)
            return "a relocation is outside the data";
        memcpy(&value, image + offset, sizeof value);
        if (value > header->image) return "a relocated address is outside the image";
        value += (uintptr_t)image;
        memcpy(image + offset, &value, sizeof value);
    }
    return NULL;
}

const char *program_decode(uint8_t *bytes, size_t length, struct program *program) {
    struct header header;
    if (length < sizeof header) return "it is too short";
    memcpy(&header, bytes, sizeof header);
    const struct instruction *code = (const void *)(bytes + HEADER_SIZE);
    const char *wrong = check_header(&header, length);
    if (!wrong) wrong = check_code(code, &header);
    if (wrong) return wrong;

    const uint8_t *relocations = (const uint8_t *)(code + header.instructions);
    uint8_t *image = memory_take(header.image, header.data);
    if (!image) return "there is no memory for it";
    memcpy(image, relocations + (size_t)header.relocations * sizeof(uint32_t), header.data);
    wrong = relocate(image, &header, relocations);
    if (wrong) {
        memory_give(image, header.image);
        return wrong;
    }
    memory_protect(bytes, length); // what a system call writes must not become instructions
    *program = (struct program){bytes, length, code, header.instructions, image, header.image, header.flags & FLAG_RETRYABLE};
    return NULL;
}

void program_free(struct program *program) {
    memory_give(program->bytes, program->length);
    memory_give(program->image, program->image_size);
    *program = (struct program){0};
}

uint8_t *program_range(const struct program *program, uint64_t offset, uint64_t length) {
    if (offset > program->image_size || length > program->image_size - offset) return NULL;
    return program->image + offset;
}
