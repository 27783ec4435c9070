// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import java.util.ArrayList;
import java.util.List;

/** A finished launch program. */
public final class Program {

    /** The target of {@link Session#go(int, List)} that means the instruction behind the one that waits. */
    public static final int NEXT = Format.NO_TARGET;

    private final boolean retryable;
    private final boolean holds;
    private final Assembly assembly;
    private volatile Parts parts;
    private byte[] encoded;
    private Machine encodedFor;

    /** What a program was put together of. */
    record Parts(List<Instruction> instructions, List<Source> sources, List<Label> labels, Image image) {
        Parts {
            instructions = List.copyOf(instructions);
            sources = List.copyOf(sources);
        }
    }

    /** A program as a shim gets it, which takes a fraction of the memory that the program does. */
    public static final class Encoded {
        private final byte[] bytes;
        private final Machine machine;
        private final boolean retryable;
        private final boolean holds;

        private Encoded(byte[] bytes, Machine machine, boolean retryable, boolean holds) {
            this.bytes = bytes;
            this.machine = machine;
            this.retryable = retryable;
            this.holds = holds;
        }

        public int length() {
            return bytes.length;
        }
    }

    /** Puts a program together. */
    @FunctionalInterface
    public interface Assembly {
        Program assemble();
    }

    Program(List<Instruction> instructions, List<Source> sources, List<Label> labels, Image image, Assembler from) {
        this(new Parts(instructions, sources, labels, image), from.isRetryable(), from.holds());
    }

    private Program(Parts parts, boolean retryable, boolean holds) {
        this.parts = parts;
        this.retryable = retryable;
        this.holds = holds;
        this.assembly = null;
        check();
    }

    private Program(Encoded known, Assembly assembly) {
        this.retryable = known.retryable;
        this.holds = known.holds;
        this.assembly = assembly;
        this.encoded = known.bytes;
        this.encodedFor = known.machine;
    }

    /**
     * A program that was put together before.
     *
     * @param again puts it together once more, for whoever wants to know what it is made of: of the same instructions
     */
    public static Program of(Encoded known, Assembly again) {
        return new Program(known, again);
    }

    private void check() {
        List<Instruction> instructions = parts.instructions;
        if (instructions.isEmpty()) {
            throw new IllegalStateException("a program has an instruction");
        }
        ProgramTooLargeException.check(instructions.size(), "instructions", Format.MAX_INSTRUCTIONS);
        parts.image.checkSize();
        if (instructions.getLast().goesOn()) {
            throw new IllegalStateException("the program falls off its end");
        }
    }

    private Parts parts() {
        Parts known = parts;
        if (known == null) {
            known = assembly.assemble().parts();
            parts = known;
        }
        return known;
    }

    /** The instructions, in order. */
    public List<Instruction> instructions() {
        return parts().instructions;
    }

    /** Why instruction {@code index} is there. */
    public Source source(int index) {
        return parts().sources.get(index);
    }

    /** The reasons of all instructions, in order. */
    public List<Source> sources() {
        return parts().sources;
    }

    /** The same, for who forgets the program. */
    public Source.Steps steps() {
        return new Source.Listed(sources());
    }

    /**
     * The index of the instruction behind {@code label}.
     *
     * @throws IllegalStateException if it was not placed in this program
     */
    public int index(Label label) {
        if (!label.isPlaced() || label.index() >= instructions().size()) {
            throw new IllegalStateException("label " + label + " is not placed");
        }
        return label.index();
    }

    /** The labels that are placed. */
    public List<Label> labels() {
        return parts().labels;
    }

    /** Whether the call may be made again if its engine is lost during this program. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Whether it {@linkplain Assembler#hold() waits} without having said anything. */
    public boolean holds() {
        return holds;
    }

    /** Where {@code place} is in the image. */
    public int offset(Address place) {
        return image().offsetOf(place);
    }

    /** What it keeps in memory. */
    public Image image() {
        return parts().image;
    }

    /**
     * The program as bytes for a shim on {@code machine}, per {@code docs/launch-programs.md}. They are kept: not to be
     * changed.
     */
    public synchronized byte[] encode(Machine machine) {
        if (encoded == null || machine != encodedFor) {
            encoded = new Encoder(this, machine).encode();
            encodedFor = machine;
        }
        return encoded;
    }

    /** The same, for who is to send it again: {@link #of}. */
    public Encoded encoded(Machine machine) {
        return new Encoded(encode(machine), machine, retryable, holds);
    }

    /**
     * This program with instruction {@code index} failing with {@code errno} without being executed; for tests that
     * nothing is left behind whatever fails.
     */
    public Program failingAt(int index, Errno errno) {
        return replacing(index, new Instruction.Fail(errno));
    }

    /**
     * This program with another instruction in place of that at {@code index}; for tests that stop at a certain moment.
     */
    public Program replacing(int index, Instruction instruction) {
        List<Instruction> changed = new ArrayList<>(instructions());
        changed.set(index, instruction);
        return new Program(new Parts(changed, sources(), labels(), image()), retryable, holds);
    }
}
