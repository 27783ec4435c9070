// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.notify.ShimReadiness;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.Optional;

/**
 * What the shim of a launch does once init's executable runs, or waits for {@code start}: it ends, or stays until init
 * has ended ({@link Ending}).
 */
final class EndingPart {

    private final Assembler asm;
    private final LaunchShim shim;
    private final Ending ending;
    private final Label started;
    private final Label notRemoved;

    EndingPart(LaunchShim shim) {
        this.asm = shim.asm;
        this.shim = shim;
        this.ending = shim.request.ending();
        this.started = asm.label("started");
        this.notRemoved = asm.label("not removed");
    }

    /** What is kept of it; {@code program} has no other instructions of the shim's behind it than its rollback. */
    AfterStart in(Program program) {
        int first = program.index(started);
        return new AfterStart(
                shim.child.status(),
                shim.failedInstruction,
                shim.failedErrno,
                ending instanceof Ending.Supervised ? program.index(notRemoved) : Program.NEXT,
                first,
                program.sources().subList(first, program.index(shim.initEnded)));
    }

    void assemble() {
        asm.place(started);
        if (ending instanceof Ending.Supervised supervised) {
            supervise(supervised);
        } else if (ending instanceof Ending.Detached) {
            detach();
        } else {
            end();
        }
    }

    /** An engine that cannot be told is lost, or takes the container back: so does the shim then. */
    private void end() {
        asm.source(Source.runtime("say that the container is complete"));
        asm.tell(Tag.DONE.ordinal(), shim.child.pid());
        shim.request.announcement().assemble(asm);
        asm.exit(0);
    }

    private void detach() {
        boolean hooks = shim.hooks.followStart();
        if (hooks || shim.readiness.isPresent()) {
            asm.tell(Tag.STARTED.ordinal(), shim.child.pid());
        }
        if (hooks) {
            shim.hooks.poststart(shim.child.pid());
        }
        if (shim.readiness.isPresent()) {
            awaitReady(shim.readiness.get());
        } else {
            end();
        }
    }

    /** From here on neither an error nor the loss of the engine takes the container back. */
    private void awaitReady(ShimReadiness readiness) {
        Label told = asm.label("told, or lost");
        shim.request.announcement().assemble(asm);
        readiness.awaitBeforeEnd(shim.child.pid());
        asm.source(Source.runtime("say that the container is complete"));
        asm.onFail(told);
        asm.tell(Tag.DONE.ordinal(), shim.child.pid());
        asm.place(told);
        asm.exit(0);
    }

    private void supervise(Ending.Supervised supervised) {
        try (var _ = asm.scope()) {
            Optional<ShimRemoval> removal = removal(supervised);
            Register code = asm.register("exit code");
            removal.ifPresent(ShimRemoval::prepare);
            begin();
            awaitEnd();
            asm.move(shim.child.pid(), value(0));
            shim.netDevices.ifPresent(devices -> devices.giveBackAtEnd(shim.failed));
            shim.child.loadExitCode(code);
            removal.ifPresent(shims -> remove(shims, code));
            finish(supervised, code);
        }
    }

    /** Init runs, whether the engine learns that or not. */
    private void begin() {
        Label supervise = asm.label("supervise");
        asm.source(Source.runtime("supervise init"));
        asm.onFail(supervise);
        asm.tell(Tag.STARTED.ordinal(), shim.child.pid());
        asm.place(supervise);
        asm.onFail(shim.failed);
        if (shim.hooks.followStart()) {
            shim.hooks.poststart(shim.child.pid());
            asm.source(Source.runtime("supervise init"));
        }
        shim.request.announcement().assemble(asm);
    }

    private void awaitEnd() {
        if (shim.readiness.isPresent()) {
            awaitReadyInForeground(shim.readiness.get());
        }
        if (shim.terminal.isPresent()) {
            shim.terminal.get().supervise(shim.child);
        } else {
            asm.supervise(shim.child.status(), shim.child.pid());
        }
    }

    private void awaitReadyInForeground(ShimReadiness readiness) {
        if (shim.terminal.isPresent()) {
            readiness.awaitBeside(shim.child.pid(), shim.terminal.get().master(), shim.failed);
        } else {
            readiness.awaitSupervising(shim.child.pid(), shim.failed);
        }
        asm.source(Source.runtime("supervise init"));
    }

    /** Of a container that nothing has to be done for but that. A unit is for the engine to stop. */
    private Optional<ShimRemoval> removal(Ending.Supervised supervised) {
        return supervised.afterwards() == Afterwards.REMOVE
                        && shim.request.config().hooks().poststop().isEmpty()
                        && shim.request.cgroup().unit().isEmpty()
                ? Optional.of(new ShimRemoval(
                        asm,
                        shim.request.cgroup().remains(),
                        shim.cgroups,
                        supervised.state(),
                        shim.machine,
                        shim.readiness.map(ShimReadiness::socket)))
                : Optional.empty();
    }

    private void remove(ShimRemoval removal, Register code) {
        Label byEngine = asm.label("by the engine");
        Label unlocked = asm.label("unlocked");
        Label told = asm.label("told");
        shim.netDevices.ifPresent(devices -> devices.ifAnyStays(unlocked));
        asm.onFail(byEngine);
        removal.assemble(unlocked);
        asm.onFail(told);
        asm.tell(Tag.REMOVED.ordinal());
        asm.place(told);
        asm.exit(code);
        asm.place(byEngine);
        removal.leave();
        asm.place(unlocked);
    }

    private void finish(Ending.Supervised supervised, Register code) {
        Label lost = asm.label("engine lost while the container ran");
        asm.source(Source.runtime("have the engine finish"));
        asm.onFail(lost);
        asm.ask(Tag.ENDED.ordinal(), shim.child.status());
        asm.exit(code);
        asm.place(notRemoved);
        asm.source(Source.runtime("let the engine say why the container stays"));
        asm.end();
        asm.place(lost);
        if (supervised.afterwards() == Afterwards.REMOVE) {
            shim.engineLoss.removeContainer();
        }
        asm.exit(code);
    }
}
