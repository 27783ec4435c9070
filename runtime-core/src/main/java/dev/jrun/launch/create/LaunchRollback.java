// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.PidFile;
import dev.jrun.launch.child.ChildFailure;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/** What the shim of a launch does if the container is not to be, or cannot be: it takes back what it has done. */
final class LaunchRollback {

    private final Assembler asm;
    private final LaunchShim shim;
    private final ChildFailure failure;
    private final Label refused;
    private final Label abandoned;
    private final Label engineLost;

    LaunchRollback(LaunchShim shim) {
        this.asm = shim.asm;
        this.shim = shim;
        this.failure = new ChildFailure(
                asm,
                shim.child,
                shim.sync.shim(),
                shim.message,
                new ChildFailure.Places(shim.initEnded, shim.initFailed, shim.initLost),
                () -> end(shim.failed));
        this.refused = asm.label("refused");
        this.abandoned = asm.label("abandoned");
        this.engineLost = asm.label("engine lost");
    }

    /** Where the shim goes on if the container cannot be recorded: init is killed, and the program ends. */
    Label refused() {
        return refused;
    }

    /** Likewise from the beginning, before init is born. */
    Label abandoned() {
        return abandoned;
    }

    /** Where the shim goes on if the engine cannot be asked any more: another one removes the container. */
    Label engineLost() {
        return engineLost;
    }

    void assemble() {
        failure.assembleEnded("init ended before it could go on");
        failure.assembleFailed("init failed", shim.failedErrno, shim.failedInstruction);

        asm.place(refused);
        asm.source(Source.runtime("end init, which cannot be recorded"));
        end(shim.failed);
        asm.place(abandoned);
        shim.endHolder();
        asm.end();

        failure.assembleLost("init ended before it was ready");

        asm.place(shim.failed);
        takeBack();
    }

    /**
     * Makes sure that init is gone, and that nothing says it was there.
     *
     * @param failed where failures go afterwards
     */
    private void end(Label failed) {
        shim.child.end();
        shim.endHolder();
        try (var _ = asm.aside()) {
            shim.pidFile.ifPresent(PidFile::remove);
            shim.netDevices.ifPresent(devices -> devices.giveBack(failed));
        }
    }

    private void takeBack() {
        try (var _ = asm.scope()) {
            Label takenBack = asm.label("as much taken back as can be");
            Register length = asm.register("length");
            asm.source(Source.runtime("take back what was done"));
            asm.move(shim.failedInstruction, Register.FAILED_INSTRUCTION);
            asm.move(shim.failedErrno, Register.FAILED_ERRNO);
            end(takenBack);
            asm.place(takenBack);
            asm.onFail(engineLost);
            asm.move(length, value(0));
            for (Register words : shim.hooks.words()) {
                shim.message.fill(words, length);
            }
            asm.tell(
                    Tag.SHIM_FAILED.ordinal(),
                    shim.message.bodyRange(length),
                    shim.failedInstruction,
                    shim.failedErrno);
            asm.end();
            asm.place(engineLost);
            shim.endHolder();
            shim.engineLoss.removeContainer();
            asm.exit(1);
        }
    }
}
