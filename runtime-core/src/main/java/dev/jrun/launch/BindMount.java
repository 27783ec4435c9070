// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.launch.MountCalls.Depth;
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
        copy(source, options, result);
        change(result, options);
    }

    /** {@code result =} a copy of what is at the host's {@code source}, with the attributes that it has there. */
    void copy(Path source, MountOptions options, Register result) {
        Depth depth = options.bind() == MountOptions.Bind.RECURSIVE ? Depth.RECURSIVE : Depth.SINGLE;
        stage.mounts.copy(source, depth, result);
    }

    /** Gives a copy the attributes that its options ask for. */
    void change(Register copy, MountOptions options) {
        MountAttributes attributes = MountAttributes.ofBind(options);
        if (!attributes.isEmpty()) {
            stage.mounts.change(copy, Depth.SINGLE, attributes);
        }
        MountAttributes recursive = MountAttributes.recursive(options);
        if (!recursive.isEmpty()) {
            stage.mounts.change(copy, Depth.RECURSIVE, recursive);
        }
    }
}
