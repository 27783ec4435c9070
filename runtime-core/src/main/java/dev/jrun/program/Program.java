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

    private final List<Instruction> instructions;
    private final List<Source> sources;
    private final List<Label> labels;
    private final Image image;
    private final boolean retryable;
    private byte[] encoded;
    private Machine encodedFor;

    Program(List<Instruction> instructions, List<Source> sources, List<Label> labels, Image image, boolean retryable) {
        this.instructions = List.copyOf(instructions);
        this.sources = List.copyOf(sources);
        this.labels = List.copyOf(labels);
        this.image = image;
        this.retryable = retryable;
        check();
    }

    private void check() {
        if (instructions.isEmpty()) {
            throw new IllegalStateException("a program has an instruction");
        }
        ProgramTooLargeException.check(instructions.size(), "instructions", Format.MAX_INSTRUCTIONS);
        image.checkSize();
        if (instructions.getLast().goesOn()) {
            throw new IllegalStateException("the program falls off its end");
        }
    }

    /** The instructions, in order. */
    public List<Instruction> instructions() {
        return instructions;
    }

    /** Why instruction {@code index} is there. */
    public Source source(int index) {
        return sources.get(index);
    }

    /** The reasons of all instructions, in order. */
    public List<Source> sources() {
        return sources;
    }

    /** The same, for who forgets the program. */
    public Source.Steps steps() {
        return new Source.Listed(sources);
    }

    /**
     * The index of the instruction behind {@code label}.
     *
     * @throws IllegalStateException if it was not placed in this program
     */
    public int index(Label label) {
        if (!label.isPlaced() || label.index() >= instructions.size()) {
            throw new IllegalStateException("label " + label + " is not placed");
        }
        return label.index();
    }

    /** The labels that are placed. */
    List<Label> labels() {
        return labels;
    }

    /** Whether the call may be made again if its engine is lost during this program. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Bytes of memory image that the program needs. */
    public int imageSize() {
        return image.size();
    }

    /** Where {@code place} is in the image. */
    public int offset(Address place) {
        return image.offsetOf(place);
    }

    Image image() {
        return image;
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

    /**
     * This program with instruction {@code index} failing with {@code errno} without being executed; for tests that
     * nothing is left behind whatever fails.
     */
    public Program failingAt(int index, Errno errno) {
        return replacing(index, new Instruction.Fail(errno));
    }

    /** This program with another instruction in place of that at {@code index}; for tests that stop at a certain moment. */
    public Program replacing(int index, Instruction instruction) {
        List<Instruction> changed = new ArrayList<>(instructions);
        changed.set(index, instruction);
        return new Program(changed, sources, labels, image, retryable);
    }
}
