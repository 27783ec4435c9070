// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
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
 * {@code process.scheduler} and {@code process.ioPriority}, which the process sets, and where it has no privileges any
 * more, as in a user namespace, the shim before it: the kernel asks for CAP_SYS_NICE in the initial user namespace,
 * which the caller may have.
 *
 * <p>The shim does so when init asks for it. Whatever init does before is scheduled as in any other container; with
 * SCHED_DEADLINE it could not fork for hooks, and would have to wait for its turn.
 */
public final class Scheduling {

    private final Assembler asm;
    private final SyncSockets sync;
    private final Process process;
    private final boolean lacksPrivilege;

    private Scheduling(Assembler asm, SyncSockets sync, Process process, boolean lacksPrivilege) {
        this.asm = asm;
        this.sync = sync;
        this.process = process;
        this.lacksPrivilege = lacksPrivilege;
    }

    /**
     * Of a container's init.
     *
     * @param config with a process
     */
    public static Scheduling ofInit(Assembler asm, SyncSockets sync, Config config) {
        return new Scheduling(
                asm,
                sync,
                config.process().orElseThrow(),
                config.linux().namespace(Namespace.Type.USER).isPresent());
    }

    /** Of a process that is the container's user already when it is born. */
    public static Scheduling ofUser(Assembler asm, SyncSockets sync, Process process) {
        return new Scheduling(asm, sync, process, true);
    }

    /** Whether init waits for the shim. */
    public boolean delaysInit() {
        return lacksPrivilege
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
            asm.source(Source.runtime("wait to be scheduled by who has the privilege"));
            message.send(sync.init(), Message.KIND_AWAITS_SCHEDULING, value(0));
            sync.awaitGo();
        }
        process.scheduler().filter(this::isForInit).ifPresent(scheduler -> SchedulingPolicy.assemble(asm, scheduler));
        process.ioPriority()
                .filter(this::isForInit)
                .ifPresent(priority -> IoScheduling.assemble(asm, priority, value(0)));
    }

    private boolean isForInit(Scheduler scheduler) {
        return !lacksPrivilege || !SchedulingPolicy.takesPrivilege(scheduler);
    }

    private boolean isForInit(IoPriority priority) {
        return !lacksPrivilege || !IoScheduling.takesPrivilege(priority);
    }
}
