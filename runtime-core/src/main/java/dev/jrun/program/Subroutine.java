// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static dev.jrun.program.Operand.value;

import dev.jrun.program.Instruction.Condition;
import java.util.ArrayList;
import java.util.List;

/**
 * Instructions that exist once and serve many places of a program. A failure in them counts as a failure at the place
 * that called them, so that its source is reported.
 */
public final class Subroutine {

    private final Assembler asm;
    private final Register caller;
    private final Register errno;
    private final Label entry;
    private final Label failed;
    private final List<Label> returns = new ArrayList<>();

    /** @param name for its labels */
    public Subroutine(Assembler asm, String name) {
        this.asm = asm;
        this.caller = asm.register("caller");
        this.errno = asm.register("errno of " + name);
        this.entry = asm.label(name);
        this.failed = asm.label(name + " failed");
    }

    public boolean isCalled() {
        return !returns.isEmpty();
    }

    /** Has it executed. The registers that it uses must be no others than its own and those that it is given. */
    public void call() {
        Label succeeded = asm.label("succeeded");
        call(entry, succeeded);
        asm.place(succeeded);
    }

    /** Has it executed from {@code start}, a place in it, on, and goes to {@code succeeded}. */
    public void call(Label start, Label succeeded) {
        Label back = asm.label("back");
        asm.move(caller, value(returns.size()));
        asm.go(start);
        asm.place(back);
        returns.add(back);
        asm.branch(errno, Condition.EQUAL, value(0), succeeded);
        asm.fail(errno);
    }

    /** Which of its calls this is: 0 for the first. */
    public Register caller() {
        return caller;
    }

    /** What follows, up to {@link #end}, is what it does. */
    public void begin() {
        asm.place(entry);
        asm.onFail(failed);
    }

    /**
     * Goes back to where it was called from.
     *
     * @param onFailure where a failure of its callers goes to
     */
    public void end(Label onFailure) {
        Label leave = asm.label("leave");
        asm.move(errno, value(0));
        asm.go(leave);
        asm.place(failed);
        asm.move(errno, Register.FAILED_ERRNO);
        asm.place(leave);
        asm.onFail(onFailure);
        returnToOneOf(0, returns.size());
    }

    /**
     * Goes back to the caller, which is one of {@code first} to {@code end - 1}. Halving what is left takes few steps
     * with many thousands of callers, where asking one after the other would use up what a program may execute.
     */
    private void returnToOneOf(int first, int end) {
        if (end - first == 1) {
            asm.go(returns.get(first));
            return;
        }
        int middle = first + (end - first) / 2;
        if (middle - first == 1) {
            asm.branch(caller, Condition.EQUAL, value(first), returns.get(first));
            returnToOneOf(middle, end);
            return;
        }
        try (var _ = asm.when(caller, Condition.NOT_LESS, value(middle), "one of the lower half")) {
            returnToOneOf(middle, end);
        }
        returnToOneOf(first, middle);
    }
}
