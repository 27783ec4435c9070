// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PROTOCOL_BROKEN (-1) // in place of an errno

static uint64_t value(const struct execution *ex, const struct instruction *in, unsigned n) {
    uint64_t operand = in->operands[n];
    switch (in->kinds >> (2 * n) & 3) {
    case KIND_REGISTER: return ex->registers[operand];
    case KIND_ADDRESS: return (uintptr_t)ex->program->image + operand;
    default: return operand;
    }
}

static void set_result(struct execution *ex, const struct instruction *in, uint64_t result) {
    if (in->dst != NO_REGISTER) ex->registers[in->dst] = result;
}

static bool is_listed(const struct instruction *in, int64_t error) {
    for (unsigned n = 0; n < sizeof in->errnos; n++)
        if (in->errnos[n] && (in->errnos[n] == ANY_ERRNO || in->errnos[n] == error)) return true;
    return false;
}

static int do_syscall(struct execution *ex, const struct instruction *in, uint32_t *next) {
    uint64_t arguments[OPERANDS];
    for (unsigned n = 0; n < OPERANDS; n++) arguments[n] = value(ex, in, n);
    unsigned retries = in->mode == SYSCALL_RETRY ? MAX_RETRIES : 0;
    int64_t result;
    do result = system_call(in->nr, arguments);
    while ((result == -EAGAIN || result == -EINTR) && retries--);
    if (result == 0 && system_call_forks(in->nr)) {
        ex->child = true;
        text_forget(ex->arguments);
        text_forget(environ);
    }
    if (result < 0 && result >= -MAX_ERRNO) {
        if (in->policy == POLICY_FAIL || !is_listed(in, -result)) return (int)-result;
        if (in->policy == POLICY_BRANCH) *next = in->target;
    }
    set_result(ex, in, (uint64_t)result);
    return 0;
}

static uint64_t compute(uint8_t mode, uint64_t a, uint64_t b) {
    switch (mode) {
    case ALU_ADD: return a + b;
    case ALU_SUBTRACT: return a - b;
    case ALU_AND: return a & b;
    case ALU_OR: return a | b;
    case ALU_SHIFT_LEFT: return b < 64 ? a << b : 0;
    default: // ALU_SHIFT_RIGHT
        return b < 64 ? a >> b : 0;
    }
}

static bool holds(uint8_t mode, uint64_t a, uint64_t b) {
    switch (mode) {
    case BRANCH_EQUAL: return a == b;
    case BRANCH_NOT_EQUAL: return a != b;
    case BRANCH_LESS: return (int64_t)a < (int64_t)b;
    case BRANCH_NOT_LESS: return (int64_t)a >= (int64_t)b;
    case BRANCH_ANY_BIT: return a & b;
    case BRANCH_NO_BIT: return !(a & b);
    default: // BRANCH_ALWAYS
        return true;
    }
}

// length bytes of the image at the offset that operands 0 and 1 give.
static uint8_t *place(const struct execution *ex, const struct instruction *in, uint64_t length) {
    return program_range(ex->program, value(ex, in, 0) + value(ex, in, 1), length);
}

static int do_load(struct execution *ex, const struct instruction *in) {
    uint64_t loaded = 0;
    const uint8_t *from = place(ex, in, in->mode);
    if (!from) return EFAULT;
    memcpy(&loaded, from, in->mode);
    set_result(ex, in, loaded);
    return 0;
}

static int do_store(struct execution *ex, const struct instruction *in) {
    uint64_t stored = value(ex, in, 2);
    uint8_t *to = place(ex, in, in->mode);
    if (!to) return EFAULT;
    memcpy(to, &stored, in->mode);
    return 0;
}

static int do_format(struct execution *ex, const struct instruction *in) {
    char decimal[DECIMAL_SIZE];
    unsigned digits = text_decimal(value(ex, in, 2), decimal);
    uint8_t *to = place(ex, in, digits + 1);
    if (!to) return EFAULT;
    memcpy(to, decimal, digits + 1);
    set_result(ex, in, digits);
    return 0;
}

// Applies a GO: u32 target, u32 count, then count times u32 offset, u32 length, bytes.
static int apply_answer(const struct program *program, const struct frame *frame, uint32_t *next) {
    uint32_t head[2];
    if (frame->type != FRAME_GO || frame->length < sizeof head) return PROTOCOL_BROKEN;
    memcpy(head, frame->payload, sizeof head);
    if (head[0] != NO_TARGET && head[0] >= program->instructions) return PROTOCOL_BROKEN;
    size_t at = sizeof head;
    for (uint32_t n = 0; n < head[1]; n++) {
        uint32_t patch[2];
        if (frame->length - at < sizeof patch) return PROTOCOL_BROKEN;
        memcpy(patch, frame->payload + at, sizeof patch);
        at += sizeof patch;
        uint8_t *to = program_range(program, patch[0], patch[1]);
        if (frame->length - at < patch[1] || !to) return PROTOCOL_BROKEN;
        memcpy(to, frame->payload + at, patch[1]);
        at += patch[1];
    }
    if (at != frame->length) return PROTOCOL_BROKEN;
    if (head[0] != NO_TARGET) *next = head[0];
    return 0;
}

static int await_answer(struct execution *ex, uint32_t *next) {
    struct frame frame;
    if (ex->child) channel_announce(false);
    int error = channel_receive(ex->channel, &frame);
    if (error) return error == EPIPE ? EPIPE : PROTOCOL_BROKEN;
    error = apply_answer(ex->program, &frame, next);
    frame_free(&frame);
    return error;
}

static int do_yield(struct execution *ex, const struct instruction *in, uint32_t *next) {
    uint64_t mask = value(ex, in, 5);
    uint32_t tag[] = {(uint32_t)value(ex, in, 0), 0};
    uint64_t reported[1 + REGISTERS] = {mask};
    size_t count = 1;
    for (unsigned n = 0; n < REGISTERS; n++)
        if (mask >> n & 1) reported[count++] = ex->registers[n];
    uint64_t lengths[] = {value(ex, in, 2), value(ex, in, 4)};
    uint8_t *ranges[] = {program_range(ex->program, value(ex, in, 1), lengths[0]),
                         program_range(ex->program, value(ex, in, 3), lengths[1])};
    if (!ranges[0] || !ranges[1]) return EFAULT;
    if (ex->child) channel_announce(false);
    struct iovec parts[] = {{0},
                            {tag, sizeof tag},
                            {reported, count * sizeof *reported},
                            {&lengths[0], sizeof(uint32_t)}, // in range, so the low half is all of it
                            {ranges[0], lengths[0]},
                            {&lengths[1], sizeof(uint32_t)},
                            {ranges[1], lengths[1]}};
    int error = channel_send(ex->channel, FOREVER, FRAME_YIELDED, parts, sizeof parts / sizeof *parts);
    if (error || in->mode == YIELD_GO_ON) return error;
    return await_answer(ex, next);
}

static int do_supervise(struct execution *ex, const struct instruction *in) {
    text_forget(environ); // the call is not made again
    pid_t pid = (pid_t)value(ex, in, 0);
    struct ends ends = {(int)value(ex, in, 1), (int)value(ex, in, 2), (int)value(ex, in, 3), (int)value(ex, in, 4)};
    int status;
    int error = in->op == OP_RELAY ? relay_supervise(pid, &ends, &status) : supervise(pid, &status);
    if (!error) set_result(ex, in, (uint64_t)(uint32_t)status);
    return error;
}

static uint64_t adopt(const struct execution *ex, int copy) {
    return (uint64_t)(ex->cold ? ECHILD : executable_adopt(copy, ex->arguments));
}

static int do_fail(const struct execution *ex, const struct instruction *in) {
    uint64_t error = value(ex, in, 0);
    return error >= 1 && error <= MAX_ERRNO ? (int)error : EINVAL;
}

// All but END and EXIT; returns 0, an errno, or PROTOCOL_BROKEN.
static int execute(struct execution *ex, const struct instruction *in, uint32_t *next, uint32_t *label) {
    switch (in->op) {
    case OP_SYSCALL: return do_syscall(ex, in, next);
    case OP_MOVE: set_result(ex, in, value(ex, in, 0)); return 0;
    case OP_ALU: set_result(ex, in, compute(in->mode, value(ex, in, 0), value(ex, in, 1))); return 0;
    case OP_LOAD: return do_load(ex, in);
    case OP_STORE: return do_store(ex, in);
    case OP_FORMAT: return do_format(ex, in);
    case OP_BRANCH:
        if (holds(in->mode, value(ex, in, 0), value(ex, in, 1))) *next = in->target;
        return 0;
    case OP_ONFAIL: *label = in->target; return 0;
    case OP_YIELD: return do_yield(ex, in, next);
    case OP_SUPERVISE:
    case OP_RELAY: return do_supervise(ex, in);
    case OP_HOLD: return await_answer(ex, next);
    case OP_ADOPT: set_result(ex, in, adopt(ex, (int)value(ex, in, 0))); return 0;
    default: // OP_FAIL
        return do_fail(ex, in);
    }
}

enum outcome interpret(struct execution *ex) {
    uint32_t at = 0, label = NO_TARGET, steps = 0;
    bool overrun = false;
    for (;;) {
        const struct instruction *in = &ex->program->code[at];
        uint32_t next = at + 1; // in range: the last instruction does not go on
        int error;
        if (steps++ == MAX_STEPS) {
            // A rollback may take as many steps again; a second overrun ends the program.
            if (overrun) label = NO_TARGET;
            overrun = true;
            steps = 0;
            error = EXFULL; // of no system call that a program makes
        } else if (in->op == OP_END) {
            return in->mode == END_READY ? OUTCOME_READY : OUTCOME_END;
        } else if (in->op == OP_EXIT) {
            ex->code = (uint8_t)value(ex, in, 0);
            return OUTCOME_EXIT;
        } else {
            error = execute(ex, in, &next, &label);
        }
        if (error == PROTOCOL_BROKEN) return OUTCOME_NONSENSE;
        if (error) {
            ex->registers[REGISTER_FAILED_INSTRUCTION] = at;
            ex->registers[REGISTER_FAILED_ERRNO] = (uint64_t)error;
            if (label == NO_TARGET) return OUTCOME_FAILED;
            next = label;
            label = NO_TARGET;
        }
        at = next;
    }
}
