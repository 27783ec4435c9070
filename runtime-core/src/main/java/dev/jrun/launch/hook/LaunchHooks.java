// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.InheritedEnvironment;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Hook;
import java.util.List;

/**
 * The hooks of a launch: prestart and createRuntime in the shim, while init waits; createContainer in init before
 * pivot_root, startContainer in init before its executable; and poststart in the shim that stays with the container.
 * Empty lists of hooks need no instructions.
 */
public final class LaunchHooks {

    private final Assembler asm;
    private final StateSubject container;
    private final SyncSockets sync;
    private final InheritedEnvironment runtime;
    private final int preserved;
    private final HookOutput output;
    private final Register words;
    private HookRun startContainer;

    /**
     * @param callerEnvironment what hooks inherit that are programs of the host: all but startContainer
     * @param preserved how many descriptors from 3 on hooks inherit
     */
    public LaunchHooks(
            Assembler asm,
            Machine machine,
            StateSubject container,
            List<String> callerEnvironment,
            int preserved,
            SyncSockets sync) {
        this.asm = asm;
        this.container = container;
        this.sync = sync;
        this.runtime = new InheritedEnvironment.Entries(callerEnvironment);
        this.preserved = preserved;
        this.output = container.hooks().areAny() ? new HookOutput(asm, machine, container.annotations()) : null;
        this.words = output == null ? null : asm.register("hook's words");
    }

    /** Whether init waits for hooks that the shim runs. */
    public boolean delayInit() {
        return container.hooks().areBeforeContainer();
    }

    /** Whether hooks run when the container has started. */
    public boolean followStart() {
        return !container.hooks().poststart().isEmpty();
    }

    /** In the shim, before init is born. */
    public void open() {
        if (output != null) {
            for (Register file : output.openFiles()) {
                sync.kept().add(file);
            }
            asm.source(Source.runtime("begin without a failed hook"));
            asm.move(words, value(0));
        }
    }

    /** In init: does not go on before the hooks are done that the shim runs. */
    public void awaitInInit(Message message) {
        if (delayInit()) {
            asm.source("/hooks", "wait for the hooks of the runtime");
            message.send(sync.init(), Message.KIND_AWAITS_HOOKS, value(0));
            sync.awaitGo();
        }
    }

    /** In the shim, when init waits: prestart and createRuntime. */
    public void beforeContainer(Register pid, Label initEnded) {
        HookPlace place = new HookPlace.Runtime(container.bundle());
        run(HookPoint.PRESTART, place, runtime, pid);
        run(HookPoint.CREATE_RUNTIME, place, runtime, pid);
        asm.source("/hooks", "let init go on behind the hooks of the runtime");
        sync.letGo(initEnded);
    }

    /**
     * In init, before pivot_root; a hook in the container knows it by another pid than the shim. These are programs of
     * the host, that begin in the image's root directory: what the image says of their environment would tell them what
     * to load there.
     */
    public void createContainer(Register root) {
        if (!container.hooks().createContainer().isEmpty()) {
            try (var _ = asm.scope()) {
                Register self = asm.register("own pid");
                asm.source(HookPoint.CREATE_CONTAINER.pointer(0), "make the state that hooks read");
                asm.call(Syscall.GETPID).into(self);
                run(HookPoint.CREATE_CONTAINER, new HookPlace.BeforePivot(root), runtime, self);
            }
        }
    }

    /**
     * In init, before {@link #startContainer} and without a seccomp filter: what those hooks need that a filter may
     * forbid.
     *
     * @param environment of the container's process
     */
    public void prepareStartContainer(Environment environment) {
        if (!container.hooks().startContainer().isEmpty()) {
            Register self = asm.register("own pid");
            asm.source(HookPoint.START_CONTAINER.pointer(0), "make the state that hooks read");
            asm.call(Syscall.GETPID).into(self);
            startContainer = new HookRun(
                    asm,
                    container,
                    HookPoint.START_CONTAINER,
                    new HookPlace.Inside(),
                    new InheritedEnvironment.OfProcess(environment),
                    preserved,
                    output,
                    words);
            startContainer.open(self);
        }
    }

    /** In init, right before its executable. */
    public void startContainer() {
        if (startContainer != null) {
            startContainer.all(container.hooks().startContainer());
        }
    }

    /** In the shim that stays with the container. */
    public void poststart(Register pid) {
        run(HookPoint.POSTSTART, new HookPlace.BesideRunning(container.bundle()), runtime, pid);
    }

    private void run(HookPoint point, HookPlace place, InheritedEnvironment environment, Operand pid) {
        List<Hook> hooks = point.of(container.hooks());
        if (!hooks.isEmpty()) {
            try (var _ = asm.scope()) {
                HookRun run = new HookRun(asm, container, point, place, environment, preserved, output, words);
                run.open(pid);
                run.all(hooks);
                run.close();
            }
        }
    }

    /** Files that have the last words of a hook that failed, or are 0 if none did; none without hooks. */
    public List<Register> words() {
        return output == null ? List.of() : List.of(words);
    }
}
