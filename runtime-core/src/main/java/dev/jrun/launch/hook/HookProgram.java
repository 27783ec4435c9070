// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.part.DescriptorClosing;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.InheritedEnvironment;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Hook;
import java.util.List;

/**
 * A program that runs hooks of a container outside of its launch, in the caller's process tree. It reports
 * {@link Tag#HOOK_FAILED} for each hook that fails, and ends.
 */
public final class HookProgram {

    private final Assembler asm = new Assembler();
    private final StateSubject container;
    private final HookPoint point;
    private final HookOutput output;
    private final HookRun run;
    private final Register words = asm.register("hook's words");
    private final Register instruction = asm.register("failed instruction");
    private final Register errno = asm.register("failed errno");
    private final Message report = new Message(asm, HookOutput.MAX_WORDS);
    private final Program program;

    private HookProgram(
            StateSubject container,
            HookPoint point,
            List<String> environment,
            Machine machine,
            KernelCalls kernel,
            Order order) {
        this.container = container;
        this.point = point;
        this.output = new HookOutput(asm, machine, container.annotations());
        this.run = new HookRun(
                asm,
                container,
                point,
                new HookPlace.Runtime(container.bundle()),
                new InheritedEnvironment.Entries(environment),
                0,
                output,
                words);
        prepare(kernel);
        order.assemble(this);
        this.program = asm.assemble();
    }

    private interface Order {
        void assemble(HookProgram program);
    }

    /**
     * The poststart hooks of a container that runs with this init, up to the first that fails.
     *
     * @param environment the caller's
     */
    public static HookProgram poststart(
            StateSubject container, long pid, List<String> environment, Machine machine, KernelCalls kernel) {
        return new HookProgram(
                container, HookPoint.POSTSTART, environment, machine, kernel, program -> program.untilFailure(pid));
    }

    /**
     * The poststop hooks of a container that is no more, whichever of them fail.
     *
     * @param environment the caller's
     */
    public static HookProgram poststop(
            StateSubject container, List<String> environment, Machine machine, KernelCalls kernel) {
        return new HookProgram(
                container, HookPoint.POSTSTOP, environment, machine, kernel, HookProgram::despiteFailures);
    }

    public Program program() {
        return program;
    }

    /** What there is to know of the program once a shim has it. */
    public HookSteps steps() {
        return new HookSteps(instruction, errno, program.steps());
    }

    /** Hooks get no descriptor of the caller, who keeps them all. */
    private void prepare(KernelCalls kernel) {
        DescriptorClosing descriptors = DescriptorClosing.of(asm, kernel);
        asm.source(Source.runtime("keep the caller's descriptors from hooks"));
        descriptors.prepare();
        descriptors.closeOnExec(value(KeptDescriptors.AFTER_STANDARD_STREAMS));
        output.openFiles();
    }

    private void untilFailure(long pid) {
        Label failed = asm.label("a hook failed");
        asm.onFail(failed);
        run.open(value(pid));
        run.all(hooks());
        asm.end();
        asm.place(failed);
        report();
        asm.end();
    }

    private void despiteFailures() {
        run.open();
        List<Hook> hooks = hooks();
        for (int i = 0; i < hooks.size(); i++) {
            Label failed = asm.label("hook " + i + " failed");
            Label next = asm.label("hook " + i + " is done");
            asm.move(words, value(0));
            asm.onFail(failed);
            run.run(i, hooks.get(i));
            asm.go(next);
            asm.place(failed);
            report();
            asm.place(next);
        }
        asm.end();
    }

    private List<Hook> hooks() {
        return point.of(container.hooks());
    }

    private void report() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.onFailEnd();
            asm.source(Source.runtime("report that a hook failed"));
            asm.move(instruction, Register.FAILED_INSTRUCTION);
            asm.move(errno, Register.FAILED_ERRNO);
            asm.move(length, value(0));
            report.fill(words, length);
            asm.tell(Tag.HOOK_FAILED.ordinal(), report.bodyRange(length), instruction, errno);
        }
    }
}
