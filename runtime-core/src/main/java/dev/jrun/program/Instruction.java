// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import java.util.List;
import java.util.Optional;

/** One step of a launch program. {@code docs/launch-programs.md} says what each does. */
public sealed interface Instruction {

    /** Writes it where {@code to} is. */
    void encode(Encoder to);

    /** Whether the one behind it can be the next. */
    default boolean goesOn() {
        return true;
    }

    /** What to do about an error of a system call. */
    sealed interface Policy {

        /** Writes it where {@code to} is. */
        void encode(Encoder to);

        /** Every error is a failure of the program. */
        record Fail() implements Policy {
            @Override
            public void encode(Encoder to) {
                to.putPolicy(Format.POLICY_FAIL, 0, 0);
            }
        }

        /** These errors (none listed: any error) are the result, as a negative number; others are failures. */
        record Ignore(List<Errno> errnos) implements Policy {
            @Override
            public void encode(Encoder to) {
                to.putPolicy(Format.POLICY_IGNORE, Encoder.errnos(errnos), 0);
            }
        }

        /** These errors (none listed: any error) lead to {@code target}; others are failures. */
        record Branch(List<Errno> errnos, Label target) implements Policy {
            @Override
            public void encode(Encoder to) {
                to.putPolicy(Format.POLICY_BRANCH, Encoder.errnos(errnos), to.index(target));
            }
        }
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

        @Override
        public void encode(Encoder to) {
            int mode = attempts == Attempts.RETRY ? Format.SYSCALL_RETRY : Format.SYSCALL_ONCE;
            to.put(Format.OP_SYSCALL, result.orElse(null), mode, 0);
            to.putCall(call);
            policy.encode(to);
            to.operands(arguments);
        }
    }

    /** {@code result = value}. */
    record Move(Register result, Operand value) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_MOVE, result, 0, 0);
            to.operands(value);
        }
    }

    /** {@code result = left operation right}. */
    record Compute(Register result, Operand left, Operation operation, Operand right) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_ALU, result, operation.ordinal(), 0);
            to.operands(left, right);
        }
    }

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
    record Load(Register result, Width width, Address place, Operand index) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_LOAD, result, width.bytes(), 0);
            to.operands(to.offset(place), index);
        }
    }

    /** The bytes at {@code place + index = value}. */
    record Store(Width width, Address place, Operand index, Operand value) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_STORE, null, width.bytes(), 0);
            to.operands(to.offset(place), index, value);
        }
    }

    /** Writes {@code value} as unsigned decimal and a NUL at {@code place}; {@code digits =} how many digits. */
    record FormatDecimal(Optional<Register> digits, Address place, Operand value) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_FORMAT, digits.orElse(null), 0, 0);
            to.operands(to.offset(place), Operand.value(0), value);
        }
    }

    /** Goes to {@code target} if {@code left condition right}. */
    record Branch(Operand left, Condition condition, Operand right, Label target) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_BRANCH, null, condition.ordinal(), to.index(target));
            to.operands(left, right);
        }

        @Override
        public boolean goesOn() {
            return condition != Condition.ALWAYS;
        }
    }

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

        /**
         * The condition that holds where this one does not.
         *
         * @throws IllegalStateException for {@link #ALWAYS}, which has none
         */
        Condition opposite() {
            return switch (this) {
                case EQUAL -> NOT_EQUAL;
                case NOT_EQUAL -> EQUAL;
                case LESS -> NOT_LESS;
                case NOT_LESS -> LESS;
                case ANY_BIT -> NO_BIT;
                case NO_BIT -> ANY_BIT;
                case ALWAYS -> throw new IllegalStateException("nothing is never");
            };
        }
    }

    /** From now on a failure goes to {@code target}; empty: ends the program. */
    record OnFail(Optional<Label> target) implements Instruction {
        @Override
        public void encode(Encoder to) {
            int index = target.isPresent() ? to.index(target.get()) : Format.NO_TARGET;
            to.put(Format.OP_ONFAIL, null, 0, index);
        }
    }

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

        @Override
        public void encode(Encoder to) {
            long mask = 0;
            for (Register register : registers) {
                mask |= 1L << register.number();
            }
            Range one = first.orElse(Range.NONE);
            Range other = second.orElse(Range.NONE);
            to.put(Format.OP_YIELD, null, then.ordinal(), 0);
            to.operands(
                    Operand.value(tag),
                    to.offset(one.place()),
                    one.length(),
                    to.offset(other.place()),
                    other.length(),
                    Operand.value(mask));
        }
    }

    /** What follows a {@link Yield}. */
    enum Then {
        GO_ON,
        WAIT
    }

    /** A part of the image; its length in bytes may be known only when the program runs. */
    record Range(Address place, Operand length) {
        private static final Range NONE = new Range(new Address(Address.Section.DATA, 0), Operand.value(0));
    }

    /** Waits for the engine's {@link Session#go}, without a report. */
    record Hold() implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_HOLD, null, 0, 0);
        }
    }

    /** Waits until child {@code pid} ends, sends signals on to it; {@code status =} its wait status (wait(2)). */
    record Supervise(Register status, Operand pid) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_SUPERVISE, status, 0, 0);
            to.operands(pid);
        }
    }

    /**
     * As {@link Supervise}, and meanwhile what comes from {@code input} is typed on the terminal whose master side is
     * {@code master}, and what that shows goes to {@code output}.
     *
     * @param terminal the caller's, whose size the other one has; −1 if there is none
     */
    record Relay(Register status, Operand pid, Operand master, Operand input, Operand output, Operand terminal)
            implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_RELAY, status, 0, 0);
            to.operands(pid, master, input, output, terminal);
        }
    }

    /** Ends the process with {@code code & 255}. */
    record Exit(Operand code) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_EXIT, null, 0, 0);
            to.operands(code);
        }

        @Override
        public boolean goesOn() {
            return false;
        }
    }

    /** Ends the program; the shim waits for the next one. */
    record End() implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_END, null, Format.END_FINISHED, 0);
        }

        @Override
        public boolean goesOn() {
            return false;
        }
    }

    /**
     * Ends the program likewise, which has had the shim go on as another executable: that is what the engine is told.
     */
    record Ready() implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_END, null, Format.END_READY, 0);
        }

        @Override
        public boolean goesOn() {
            return false;
        }
    }

    /**
     * Has the process execute {@code copy}, a descriptor of a file with the same contents as its executable, where it
     * stands; {@code error =} 0, or the errno if that cannot be done.
     */
    record Adopt(Register error, Operand copy) implements Instruction {
        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_ADOPT, error, 0, 0);
            to.operands(copy);
        }
    }

    /** Fails with {@code errno}, 1 to 4095. */
    record Fail(Operand errno) implements Instruction {
        public Fail(Errno errno) {
            this(Operand.value(errno.number()));
        }

        @Override
        public void encode(Encoder to) {
            to.put(Format.OP_FAIL, null, 0, 0);
            to.operands(errno);
        }

        @Override
        public boolean goesOn() {
            return false;
        }
    }
}
