// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.part.Message;
import dev.jrun.launch.part.SyncSockets;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.IoPriority;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Process;
import dev.jrun.spec.Scheduler;

/**
 * {@code process.scheduler} and {@code process.ioPriority}, which init sets, and for a container in a user namespace the shim before
 * it: the kernel asks for CAP_SYS_NICE in the initial user namespace, which the caller may have there and init has not.
 *
 * <p>The shim does so when init asks for it. Whatever init does before is scheduled as in any other container; with SCHED_DEADLINE
 * it could not fork for hooks, and would have to wait for its turn.
 */
public final class Scheduling {

    private final Assembler asm;
    private final SyncSockets sync;
    private final Process process;
    private final boolean isInUserNamespace;

    /** @param config with a process */
    public Scheduling(Assembler asm, SyncSockets sync, Config config) {
        this.asm = asm;
        this.sync = sync;
        this.process = config.process().orElseThrow();
        this.isInUserNamespace = config.linux().namespace(Namespace.Type.USER).isPresent();
    }

    /** Whether init waits for the shim. */
    public boolean delaysInit() {
        return isInUserNamespace
                && (process.scheduler().isPresent()
                        || process.ioPriority()
                                .filter(IoScheduling::takesPrivilege)
                                .isPresent());
    }

    /** In the shim, when init waits. */
    public void assembleInShim(Register init, Label initEnded) {
        process.scheduler().ifPresent(scheduler -> SchedulingPolicy.grant(asm, scheduler, init));
        process.ioPriority()
                .filter(IoScheduling::takesPrivilege)
                .ifPresent(priority -> IoScheduling.assemble(asm, priority, init));
        asm.source(Source.runtime("let init go on as it is scheduled"));
        sync.letGo(initEnded);
    }

    /** In init. */
    public void assembleInInit(Message message) {
        if (delaysInit()) {
            asm.source(Source.runtime("wait to be scheduled from outside the user namespace"));
            message.send(sync.init(), Message.KIND_AWAITS_SCHEDULING, value(0));
            sync.awaitGo();
        }
        process.scheduler().filter(this::isForInit).ifPresent(scheduler -> SchedulingPolicy.assemble(asm, scheduler));
        process.ioPriority()
                .filter(this::isForInit)
                .ifPresent(priority -> IoScheduling.assemble(asm, priority, value(0)));
    }

    private boolean isForInit(Scheduler scheduler) {
        return !isInUserNamespace || !SchedulingPolicy.takesPrivilege(scheduler);
    }

    private boolean isForInit(IoPriority priority) {
        return !isInUserNamespace || !IoScheduling.takesPrivilege(priority);
    }
}
