// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.launch.MountCalls.Depth;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.MountOptions;
import java.nio.file.Path;
import java.util.List;

/** Makes a detached copy of a mount of the host, with the attributes that its options ask for. */
final class BindMount {

    private final Stage stage;

    BindMount(Stage stage) {
        this.stage = stage;
    }

    /** {@code result =} a copy of what is at the host's {@code source}; symbolic links are followed. */
    void make(Path source, MountOptions options, Register result) {
        copy(source, options, result);
        change(result, options, List.of());
    }

    /** {@code result =} a copy of what is at the host's {@code source}, with the attributes that it has there. */
    void copy(Path source, MountOptions options, Register result) {
        Depth depth = options.bind() == MountOptions.Bind.RECURSIVE ? Depth.RECURSIVE : Depth.SINGLE;
        stage.mounts.copy(source, depth, result);
    }

    /**
     * Gives a copy the attributes that its options ask for.
     *
     * @param texts the options as they are in config.json, by which errors name them
     */
    void change(Register copy, MountOptions options, List<String> texts) {
        change(copy, Depth.SINGLE, MountAttributes.ofBind(options), texts);
        change(copy, Depth.RECURSIVE, MountAttributes.recursive(options), texts);
    }

    /** Gives a mount these attributes; an error names the option that it is about. */
    void change(Register mount, Depth depth, MountAttributes attributes, List<String> texts) {
        if (attributes.isEmpty()) {
            return;
        }
        Source source = stage.asm.source();
        for (MountChange change : MountChange.of(attributes, depth, texts)) {
            if (change.option().isPresent()) {
                String pointer =
                        source.pointer() + "/options/" + change.option().getAsInt();
                stage.asm.source(pointer, source.intent());
            }
            stage.mounts.change(mount, depth, change.attributes());
            stage.asm.source(source);
        }
    }
}
