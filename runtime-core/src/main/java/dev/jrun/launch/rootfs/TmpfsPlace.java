// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.MountOptions;

/** Where a tmpfs goes: it takes over the permissions of the directory that it hides, as runc has it, and its content if asked to. */
final class TmpfsPlace {

    private static final long PERMISSIONS = 07777;

    private final Stage stage;
    private final Assembler asm;
    private final MountPoint mountPoint;
    private final CopyUp copyUp;

    TmpfsPlace(Stage stage, MountPoint mountPoint, CopyUp copyUp) {
        this.stage = stage;
        this.asm = stage.asm;
        this.mountPoint = mountPoint;
        this.copyUp = copyUp;
    }

    /**
     * Opens the directory {@code destination}, as {@link Stage#target}, and has {@link Stage#mount} take over what it is to take
     * over of it.
     */
    void open(String destination, MountOptions options) {
        boolean takesMode = !hasMode(options);
        if (!takesMode && !options.tmpcopyup()) {
            mountPoint.forFilesystem(destination);
            return;
        }
        Label isNew = asm.label("the directory is new");
        asm.move(stage.missing.made(), value(0));
        mountPoint.forFilesystem(destination);
        asm.branch(stage.missing.made(), Condition.NOT_EQUAL, value(0), isNew);
        if (takesMode) {
            takeMode();
        }
        if (options.tmpcopyup()) {
            copyUp.copy(stage.target, stage.mount);
        }
        asm.place(isNew);
    }

    private static boolean hasMode(MountOptions options) {
        for (String option : options.data()) {
            if (option.startsWith("mode=")) {
                return true;
            }
        }
        return false;
    }

    private void takeMode() {
        try (var _ = asm.scope()) {
            Register mode = asm.register("mode");
            stage.fileMode(stage.target, mode);
            asm.compute(mode, mode, Operation.AND, value(PERMISSIONS));
            asm.call(Syscall.FCHMODAT, stage.mount, asm.string("."), mode);
        }
    }
}
