// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import java.util.List;
import java.util.Optional;

/** One step of a launch program. {@code docs/launch-programs.md} says what each does. */
public sealed interface Instruction {

    /** What to do about an error of a system call. */
    sealed interface Policy {

        /** Every error is a failure of the program. */
        record Fail() implements Policy {}

        /** These errors (none listed: any error) are the result, as a negative number; others are failures. */
        record Ignore(List<Errno> errnos) implements Policy {}

        /** These errors (none listed: any error) lead to {@code target}; others are failures. */
        record Branch(List<Errno> errnos, Label target) implements Policy {}
    }

    /** How often a system call is made. */
    enum Attempts {
        ONE,
        /** Again, up to 1,000 times, while it fails with EAGAIN or EINTR. */
        RETRY
    }

    /** {@code result = call(arguments)}. */
    record SystemCall(
            Syscall call, List<Operand> arguments, Optional<Register> result, Policy policy, Attempts attempts)
            implements Instruction {
        public SystemCall {
            if (arguments.size() > 6) {
                throw new IllegalArgumentException(call + " with more than six arguments");
            }
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code result = value}. */
    record Move(Register result, Operand value) implements Instruction {}

    /** {@code result = left operation right}. */
    record Compute(Register result, Operand left, Operation operation, Operand right) implements Instruction {}

    /** What {@link Compute} can do. */
    enum Operation {
        ADD("+"),
        SUBTRACT("-"),
        AND("&"),
        OR("|"),
        SHIFT_LEFT("<<"),
        SHIFT_RIGHT(">>>");

        private final String sign;

        Operation(String sign) {
            this.sign = sign;
        }

        /** As Java writes it. */
        public String sign() {
            return sign;
        }
    }

    /** How many bytes a {@link Load} or {@link Store} moves. */
    enum Width {
        BYTE(1),
        SHORT(2),
        INT(4),
        LONG(8);

        private final int bytes;

        Width(int bytes) {
            this.bytes = bytes;
        }

        /** 1, 2, 4 or 8. */
        public int bytes() {
            return bytes;
        }
    }

    /** {@code result =} the bytes at {@code place + index}, zero-extended. */
    record Load(Register result, Width width, Address place, Operand index) implements Instruction {}

    /** The bytes at {@code place + index = value}. */
    record Store(Width width, Address place, Operand index, Operand value) implements Instruction {}

    /** Writes {@code value} as unsigned decimal and a NUL at {@code place}; {@code digits =} how many digits. */
    record FormatDecimal(Optional<Register> digits, Address place, Operand value) implements Instruction {}

    /** Goes to {@code target} if {@code left condition right}. */
    record Branch(Operand left, Condition condition, Operand right, Label target) implements Instruction {}

    /** When a {@link Branch} is taken. */
    enum Condition {
        ALWAYS(""),
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        NOT_LESS(">="),
        ANY_BIT("has any of"),
        NO_BIT("has none of");

        private final String sign;

        Condition(String sign) {
            this.sign = sign;
        }

        /** As listings show it. */
        public String sign() {
            return sign;
        }
    }

    /** From now on a failure goes to {@code target}; empty: ends the program. */
    record OnFail(Optional<Label> target) implements Instruction {}

    /**
     * Reports registers and ranges of the image to the engine.
     *
     * @param tag what the report is about
     * @param registers which registers to report
     * @param first a range of the image to report
     * @param second another
     * @param then whether to wait for the engine's answer
     */
    record Yield(int tag, List<Register> registers, Optional<Range> first, Optional<Range> second, Then then)
            implements Instruction {
        public Yield {
            registers = List.copyOf(registers);
        }
    }

    /** What follows a {@link Yield}. */
    enum Then {
        GO_ON,
        WAIT
    }

    /** A part of the image; its length in bytes may be known only when the program runs. */
    record Range(Address place, Operand length) {}

    /** Waits for the engine's {@link Session#go}, without a report. */
    record Hold() implements Instruction {}

    /** Waits until child {@code pid} ends, sends signals on to it; {@code status =} its wait status (wait(2)). */
    record Supervise(Register status, Operand pid) implements Instruction {}

    /** Ends the process with {@code code & 255}. */
    record Exit(Operand code) implements Instruction {}

    /** Ends the program; the shim waits for the next one. */
    record End() implements Instruction {}

    /** Fails with {@code errno}, 1 to 4095. */
    record Fail(Operand errno) implements Instruction {
        public Fail(Errno errno) {
            this(Operand.value(errno.number()));
        }
    }
}
