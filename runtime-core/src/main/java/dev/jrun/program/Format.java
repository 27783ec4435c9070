// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** The numbers of the program format, as {@code native-shim/src/program.h} has them for C. */
final class Format {

    /** "JRP1" as a little-endian number. */
    static final int MAGIC = 0x3150524a;

    static final int HEADER_SIZE = 32;
    static final int INSTRUCTION_SIZE = 64;
    static final int MAX_INSTRUCTIONS = 262_144;
    static final int MAX_RELOCATIONS = 262_144;
    static final int MAX_IMAGE = 64 << 20;

    static final int FLAG_RETRYABLE = 1;

    static final int REGISTERS = 64;
    static final int NO_REGISTER = 255;
    static final int NO_TARGET = 0xFFFF_FFFF;
    static final int ANY_ERRNO = 255;

    static final int KIND_CONSTANT = 0;
    static final int KIND_REGISTER = 1;
    static final int KIND_ADDRESS = 2;

    static final int POLICY_FAIL = 0;
    static final int POLICY_IGNORE = 1;
    static final int POLICY_BRANCH = 2;

    static final int SYSCALL_ONCE = 0;
    static final int SYSCALL_RETRY = 1;

    static final int OP_SYSCALL = 1;
    static final int OP_MOVE = 2;
    static final int OP_ALU = 3;
    static final int OP_LOAD = 4;
    static final int OP_STORE = 5;
    static final int OP_FORMAT = 6;
    static final int OP_BRANCH = 7;
    static final int OP_ONFAIL = 8;
    static final int OP_YIELD = 9;
    static final int OP_SUPERVISE = 10;
    static final int OP_EXIT = 11;
    static final int OP_END = 12;
    static final int OP_FAIL = 13;
    static final int OP_HOLD = 14;
    static final int OP_RELAY = 15;
    static final int OP_ADOPT = 16;

    static final int END_FINISHED = 0;
    static final int END_READY = 1;

    private Format() {}
}
