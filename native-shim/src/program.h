// SPDX-License-Identifier: Apache-2.0
// The numbers of docs/launch-programs.md, which is the definition, and the decoder of programs. All fields are
// little-endian. FormatTest on the Java side reads this file: one "#define NAME number" per line.
#ifndef JRUN_PROGRAM_H
#define JRUN_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "frames and programs are read in place");

#define FORMAT_VERSION 1
#define FRAME_HEADER_SIZE 8
#define MAX_FRAME 67108864

#define FRAME_CALL 1
#define FRAME_READY 2
#define FRAME_YIELDED 3
#define FRAME_FAILED 4
#define FRAME_FINISHED 5
#define FRAME_PROGRAM 16
#define FRAME_GO 17
#define FRAME_REFUSED 18
#define FRAME_STAYS 19

#define MAGIC 0x3150524a
#define HEADER_SIZE 32
#define INSTRUCTION_SIZE 64
#define MAX_INSTRUCTIONS 262144
#define MAX_RELOCATIONS 262144
#define MAX_IMAGE 67108864
#ifndef MAX_STEPS // the fuzzer has less patience
#define MAX_STEPS 50000000
#endif

#define FLAG_RETRYABLE 1

#define OPERANDS 6
#define REGISTERS 64
#define REGISTER_IGNORED 58
#define REGISTER_ENVIRONMENT 59
#define REGISTER_ENGINE 60
#define REGISTER_CHANNEL 61
#define REGISTER_FAILED_INSTRUCTION 62
#define REGISTER_FAILED_ERRNO 63
#define NO_REGISTER 255
#define NO_TARGET 0xffffffff
#define ANY_ERRNO 255
#define MAX_ERRNO 4095

#define KIND_CONSTANT 0
#define KIND_REGISTER 1
#define KIND_ADDRESS 2

#define POLICY_FAIL 0
#define POLICY_IGNORE 1
#define POLICY_BRANCH 2

#define OP_SYSCALL 1
#define OP_MOVE 2
#define OP_ALU 3
#define OP_LOAD 4
#define OP_STORE 5
#define OP_FORMAT 6
#define OP_BRANCH 7
#define OP_ONFAIL 8
#define OP_YIELD 9
#define OP_SUPERVISE 10
#define OP_EXIT 11
#define OP_END 12
#define OP_FAIL 13
#define OP_HOLD 14
#define OP_RELAY 15
#define OP_ADOPT 16

#define SYSCALL_ONCE 0
#define SYSCALL_RETRY 1
#define MAX_RETRIES 1000

#define ALU_ADD 0
#define ALU_SUBTRACT 1
#define ALU_AND 2
#define ALU_OR 3
#define ALU_SHIFT_LEFT 4
#define ALU_SHIFT_RIGHT 5

#define BRANCH_ALWAYS 0
#define BRANCH_EQUAL 1
#define BRANCH_NOT_EQUAL 2
#define BRANCH_LESS 3
#define BRANCH_NOT_LESS 4
#define BRANCH_ANY_BIT 5
#define BRANCH_NO_BIT 6

#define YIELD_GO_ON 0
#define YIELD_WAIT 1

#define END_FINISHED 0
#define END_READY 1

struct header {
    uint32_t magic, flags, instructions, relocations, data, image;
    uint64_t zero;
};
_Static_assert(sizeof(struct header) == HEADER_SIZE, "the header is read in place");

struct instruction {
    uint8_t op, dst, policy, mode;
    uint16_t kinds, nr;
    uint8_t errnos[4];
    uint32_t target;
    uint64_t operands[OPERANDS];
};
_Static_assert(sizeof(struct instruction) == INSTRUCTION_SIZE, "instructions are read in place");

struct program {
    uint8_t *bytes; // of the frame, read-only
    size_t length;
    const struct instruction *code; // among them, checked
    uint32_t instructions;
    uint8_t *image; // relocated
    uint32_t image_size;
    bool retryable;
};

// Checks the payload of a PROGRAM frame, which is from memory_take(), and makes a program of it, whose the payload is
// then. Returns NULL, or what is wrong with it.
const char *program_decode(uint8_t *bytes, size_t length, struct program *program);

void program_free(struct program *program);

// The bytes [offset, offset + length) of the image; NULL if they are not all in it.
uint8_t *program_range(const struct program *program, uint64_t offset, uint64_t length);

#endif
