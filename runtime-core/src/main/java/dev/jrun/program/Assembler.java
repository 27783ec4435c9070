// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction.Attempts;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Policy;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Then;
import dev.jrun.program.Instruction.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Assembles a launch program, instruction by instruction. Not for use by several threads. Every method that adds to a
 * program throws {@link ProgramTooLargeException} if it becomes larger than a shim accepts.
 */
public final class Assembler {
    /** Room for a number of 64 bits in decimal and a NUL, see {@link #format(Address, Operand)}. */
    public static final int NUMBER_SIZE = 24;

    private static final Operand ZERO = Operand.value(0);
    private static final Policy FAIL = new Policy.Fail();

    private final Image image = new Image();
    private final ArrayList<Instruction> instructions = new ArrayList<>();
    private final ArrayList<Source> sources = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private Source source = Source.runtime("start");
    private int registers;
    private boolean retryable;
    private boolean holds;

    /** Makes room at once for about so many instructions more. */
    public void expect(int more) {
        instructions.ensureCapacity(instructions.size() + more);
        sources.ensureCapacity(sources.size() + more);
    }

    /** Says why the instructions that follow are there. */
    public void source(Source reason) {
        source = reason;
    }

    /** Says which field of config.json asks for the instructions that follow, and what they are to achieve. */
    public void source(String pointer, String intent) {
        source = Source.of(pointer, intent);
    }

    /** The current reason. */
    public Source source() {
        return source;
    }

    /**
     * Says why the instructions are there that follow until the block closes; from there on the reason is the one
     * before again.
     */
    public Aside because(Source reason) {
        Aside aside = aside();
        source(reason);
        return aside;
    }

    /** Whatever reasons are given until the block closes, from there on the reason is the one before again. */
    public Aside aside() {
        return new Aside(source);
    }

    /** Instructions with reasons of their own among those of another. */
    public final class Aside implements AutoCloseable {
        private final Source before;

        private Aside(Source before) {
            this.before = before;
        }

        @Override
        public void close() {
            source = before;
        }
    }

    boolean isRetryable() {
        return retryable;
    }

    boolean holds() {
        return holds;
    }

    /** Declares that this program changes nothing outside the shim, so that its call may be made again. */
    public void retryable() {
        retryable = true;
    }

    /**
     * A register that nothing else uses now. It is 0 only if nothing else did before.
     *
     * @throws IllegalStateException if all 58 are taken
     */
    public Register register(String name) {
        if (registers == Register.IGNORED_SIGNALS.number()) {
            throw new IllegalStateException("no register is left for " + name);
        }
        return new Register(registers++, name);
    }

    /** Registers that are taken from here on are given back when the scope closes. */
    public Scope scope() {
        return new Scope(registers);
    }

    /** The registers of one step. */
    public final class Scope implements AutoCloseable {
        private final int before;

        private Scope(int before) {
            this.before = before;
        }

        @Override
        public void close() {
            registers = before;
        }
    }

    /** How many registers are taken. */
    public int registersInUse() {
        return registers;
    }

    /** A label to be {@linkplain #place placed} later. */
    public Label label(String name) {
        return new Label(name);
    }

    /** Puts {@code label} before the next instruction. */
    public void place(Label label) {
        if (label.isPlaced()) {
            throw new IllegalStateException("label " + label + " is placed twice");
        }
        label.place(instructions.size());
        labels.add(label);
    }

    /** A NUL-terminated string in the image. */
    public Address string(String text) {
        return image.string(text);
    }

    /** Bytes in the image, aligned to 8. */
    public Address bytes(byte[] bytes) {
        return image.bytes(bytes);
    }

    /** A null-terminated table of pointers to strings, such as argv. */
    public Address strings(List<String> texts) {
        List<Address> places = new ArrayList<>(texts.size());
        for (String text : texts) {
            places.add(image.string(text));
        }
        return image.pointers(places);
    }

    /** A null-terminated table of pointers to these places. */
    public Address pointers(List<Address> places) {
        return image.pointers(places);
    }

    /** Makes the eight bytes at {@code place}, aligned and among the data, a pointer to {@code target}. */
    public void point(Address place, Address target) {
        image.point(place, target);
    }

    /** Where the image begins, for offsets that are computed when the program runs. */
    public Address imageStart() {
        return image.start();
    }

    /** Zero-filled room in the image, aligned to 8. */
    public Address space(int bytes) {
        return image.space(bytes);
    }

    /** Adds a system call; each error fails until the returned object says otherwise. */
    public Added call(Syscall call, Operand... arguments) {
        add(new Instruction.SystemCall(call, List.of(arguments), Optional.empty(), FAIL, Attempts.ONE));
        return new Added(instructions.size() - 1);
    }

    /** A system call that was just added. */
    public final class Added {
        private final int index;

        private Added(int index) {
            this.index = index;
        }

        /** Keeps the call's result in {@code register}. */
        public Added into(Register register) {
            var call = systemCall();
            return replace(new Instruction.SystemCall(
                    call.call(), call.arguments(), Optional.of(register), call.policy(), call.attempts()));
        }

        /** Makes the call again while it fails with EAGAIN or EINTR, up to 1,000 times. */
        public Added retry() {
            var call = systemCall();
            return replace(new Instruction.SystemCall(
                    call.call(), call.arguments(), call.result(), call.policy(), Attempts.RETRY));
        }

        /** Goes on after these errors. */
        public Added ignore(Errno... errnos) {
            return with(new Policy.Ignore(List.of(errnos)));
        }

        /** Goes on after every error. */
        public Added ignoreErrors() {
            return with(new Policy.Ignore(List.of()));
        }

        /** Goes to {@code target} after these errors. */
        public Added on(Label target, Errno... errnos) {
            return with(new Policy.Branch(List.of(errnos), target));
        }

        /** Goes to {@code target} after every error. */
        public Added onError(Label target) {
            return with(new Policy.Branch(List.of(), target));
        }

        private Added with(Policy policy) {
            var call = systemCall();
            return replace(
                    new Instruction.SystemCall(call.call(), call.arguments(), call.result(), policy, call.attempts()));
        }

        private Added replace(Instruction.SystemCall changed) {
            instructions.set(index, changed);
            return this;
        }

        private Instruction.SystemCall systemCall() {
            return (Instruction.SystemCall) instructions.get(index);
        }
    }

    /** {@code result = value}. */
    public void move(Register result, Operand value) {
        add(new Instruction.Move(result, value));
    }

    /** {@code result = left operation right}. */
    public void compute(Register result, Operand left, Operation operation, Operand right) {
        add(new Instruction.Compute(result, left, operation, right));
    }

    /** {@code result =} what is at {@code place}. */
    public void load(Register result, Width width, Address place) {
        add(new Instruction.Load(result, width, place, ZERO));
    }

    /** {@code result =} what is at {@code place + index}. */
    public void load(Register result, Width width, Address place, Operand index) {
        add(new Instruction.Load(result, width, place, index));
    }

    /** What is at {@code place = value}. */
    public void store(Width width, Address place, Operand value) {
        add(new Instruction.Store(width, place, ZERO, value));
    }

    /** What is at {@code place + index = value}. */
    public void store(Width width, Address place, Operand index, Operand value) {
        add(new Instruction.Store(width, place, index, value));
    }

    /** Writes {@code value} in decimal and a NUL at {@code place}, up to 21 bytes: see {@link #NUMBER_SIZE}. */
    public void format(Address place, Operand value) {
        add(new Instruction.FormatDecimal(Optional.empty(), place, value));
    }

    /** As {@link #format(Address, Operand)}, and {@code digits =} how many digits. */
    public void format(Address place, Operand value, Register digits) {
        add(new Instruction.FormatDecimal(Optional.of(digits), place, value));
    }

    /** Goes to {@code target} if {@code left condition right}. */
    public void branch(Operand left, Condition condition, Operand right, Label target) {
        add(new Instruction.Branch(left, condition, right, target));
    }

    /** Goes to {@code target}. */
    public void go(Label target) {
        add(new Instruction.Branch(ZERO, Condition.ALWAYS, ZERO, target));
    }

    /**
     * What is assembled until the block closes is done only if {@code left condition right}.
     *
     * @param otherwise what holds where it is left out, as listings call the place behind it
     */
    public Block when(Operand left, Condition condition, Operand right, String otherwise) {
        Label behind = label(otherwise);
        branch(left, condition.opposite(), right, behind);
        return new Block(behind);
    }

    /** Instructions that may be left out. Registers that they take are given back behind them. */
    public final class Block implements AutoCloseable {
        private final Scope scope = scope();
        private final Label behind;

        private Block(Label behind) {
            this.behind = behind;
        }

        @Override
        public void close() {
            place(behind);
            scope.close();
        }
    }

    /**
     * What is assembled until the loop closes is done again and again, until the loop is left.
     *
     * @param name as listings call its begin
     * @param afterwards what holds when it is left, as listings call the place behind it
     */
    public Loop loop(String name, String afterwards) {
        Label again = label(name);
        place(again);
        return new Loop(again, label(afterwards));
    }

    /** Instructions that are repeated. Registers that they take are given back behind them. */
    public final class Loop implements AutoCloseable {
        private final Scope scope = scope();
        private final Label again;
        private final Label behind;

        private Loop(Label again, Label behind) {
            this.again = again;
            this.behind = behind;
        }

        /** Goes on behind the loop if {@code left condition right}. */
        public void leaveIf(Operand left, Condition condition, Operand right) {
            branch(left, condition, right, behind);
        }

        @Override
        public void close() {
            go(again);
            place(behind);
            scope.close();
        }
    }

    /** From now on a failure goes to {@code target}. */
    public void onFail(Label target) {
        add(new Instruction.OnFail(Optional.of(target)));
    }

    /** From now on a failure ends the program. */
    public void onFailEnd() {
        add(new Instruction.OnFail(Optional.empty()));
    }

    /** Reports these registers and waits for the engine. */
    public void ask(int tag, Register... reported) {
        add(new Instruction.Yield(tag, List.of(reported), Optional.empty(), Optional.empty(), Then.WAIT));
    }

    /** Reports these registers and a range of the image and waits for the engine. */
    public void ask(int tag, Range range, Register... reported) {
        add(new Instruction.Yield(tag, List.of(reported), Optional.of(range), Optional.empty(), Then.WAIT));
    }

    /** Reports these registers and two ranges of the image and waits for the engine. */
    public void ask(int tag, Range first, Range second, Register... reported) {
        add(new Instruction.Yield(tag, List.of(reported), Optional.of(first), Optional.of(second), Then.WAIT));
    }

    /** Reports two ranges of the image and goes on. */
    public void tell(int tag, Range first, Range second) {
        add(new Instruction.Yield(tag, List.of(), Optional.of(first), Optional.of(second), Then.GO_ON));
    }

    /** Reports these registers and goes on. */
    public void tell(int tag, Register... reported) {
        add(new Instruction.Yield(tag, List.of(reported), Optional.empty(), Optional.empty(), Then.GO_ON));
    }

    /** Reports these registers and a range of the image and goes on. */
    public void tell(int tag, Range range, Register... reported) {
        add(new Instruction.Yield(tag, List.of(reported), Optional.of(range), Optional.empty(), Then.GO_ON));
    }

    /** Waits for the engine, which may answer before: {@link Session#queue}. */
    public void hold() {
        add(new Instruction.Hold());
        holds = true;
    }

    /** Waits for the end of child {@code pid} and sends signals on to it. */
    public void supervise(Register status, Operand pid) {
        add(new Instruction.Supervise(status, pid));
    }

    /**
     * The same, and relays what comes from {@code input} to the terminal whose master side is {@code master}, which is
     * closed then, and what that shows to {@code output}.
     *
     * @param terminal of the caller, whose size the other one has; −1 if there is none
     */
    public void relay(Register status, Operand pid, Operand master, Operand input, Operand output, Operand terminal) {
        add(new Instruction.Relay(status, pid, master, input, output, terminal));
    }

    /** Ends the process. */
    public void exit(Operand code) {
        add(new Instruction.Exit(code));
    }

    /** Ends the process. */
    public void exit(int code) {
        exit(Operand.value(code));
    }

    /** Ends the program. */
    public void end() {
        add(new Instruction.End());
    }

    /** Ends the program likewise; the engine is told that the shim goes on as another executable. */
    public void ready() {
        add(new Instruction.Ready());
    }

    /**
     * Has the process execute {@code copy}, a descriptor of a file with the same contents as its executable, where it
     * stands; {@code error =} 0, or the errno if that cannot be done.
     */
    public void adopt(Register error, Operand copy) {
        add(new Instruction.Adopt(error, copy));
    }

    /** Fails with {@code errno}. */
    public void fail(Errno errno) {
        add(new Instruction.Fail(errno));
    }

    /** Fails with the errno, 1 to 4095, that is known when the program runs. */
    public void fail(Register errno) {
        add(new Instruction.Fail(errno));
    }

    private void add(Instruction instruction) {
        instructions.add(instruction);
        sources.add(source);
        ProgramTooLargeException.check(instructions.size(), "instructions", Format.MAX_INSTRUCTIONS);
    }

    /**
     * The program as collected so far.
     *
     * @throws ProgramTooLargeException if it is larger than a shim takes
     * @throws IllegalStateException if it falls off its end, or goes to a label that was not placed
     */
    public Program assemble() {
        return new Program(instructions, sources, labels, image, this);
    }
}
