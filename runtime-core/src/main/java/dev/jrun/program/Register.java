// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/**
 * One of the 64 registers of a process; 0 when a program starts, copied to children.
 *
 * @param number 0 to 63
 * @param name what listings call it
 */
public record Register(int number, String name) implements Operand {

    /** When a program starts: the signals that the shim's caller has it ignore, bit 0 for the first; all if unknown. */
    public static final Register IGNORED_SIGNALS = new Register(58, "ignored signals");

    /** When a program starts: the address of the process's environment, a table as execve(2) takes it. */
    public static final Register ENVIRONMENT = new Register(59, "environment");

    /** When a program starts: the pid of the engine if it is the shim's child and ends with the call, else 0. */
    public static final Register ENGINE = new Register(60, "engine");

    /** When a program starts: the descriptor of the session's socket, which a child has to close. */
    public static final Register SESSION = new Register(61, "session");

    /** After a failure: the index of the instruction that failed. */
    public static final Register FAILED_INSTRUCTION = new Register(62, "failed");

    /** After a failure: its errno. */
    public static final Register FAILED_ERRNO = new Register(63, "errno");

    public Register {
        if (number < 0 || number >= Format.REGISTERS) {
            throw new IllegalArgumentException("a register's number is 0 to 63, not " + number);
        }
    }

    @Override
    public int encode(Encoder to, int place) {
        to.putNumber(place, number);
        return Format.KIND_REGISTER;
    }

    @Override
    public String toString() {
        return name;
    }
}
