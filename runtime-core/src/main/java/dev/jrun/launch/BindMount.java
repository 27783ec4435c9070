// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Register;
import dev.jrun.spec.MountOptions;
import java.nio.file.Path;

/** Makes a detached copy of a mount of the host, with the attributes that its options ask for. */
final class BindMount {

    private final Stage stage;

    BindMount(Stage stage) {
        this.stage = stage;
    }

    /** {@code result =} a copy of what is at the host's {@code source}; symbolic links are followed. */
    void make(Path source, MountOptions options, Register result) {
        long depth = options.bind() == MountOptions.Bind.RECURSIVE ? OpenFlags.AT_RECURSIVE : 0;
        stage.asm
                .call(
                        Syscall.OPEN_TREE,
                        value(OpenFlags.AT_FDCWD),
                        stage.asm.string(source.toString()),
                        value(MountFlags.OPEN_TREE_CLONE | MountFlags.OPEN_TREE_CLOEXEC | depth))
                .into(result);
        MountAttributes attributes = MountAttributes.ofBind(options);
        if (!attributes.isEmpty()) {
            stage.setAttributes(result, 0, attributes.set(), attributes.cleared(), 0);
        }
    }
}
