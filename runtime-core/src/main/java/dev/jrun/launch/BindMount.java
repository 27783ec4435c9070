// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.launch.MountCalls.Depth;
import dev.jrun.launch.MountCalls.LastLink;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.MountOptions.Link;
import java.nio.file.Path;
import java.util.List;

/** Makes a detached copy of a mount of the host, with the attributes that its options ask for. */
final class BindMount {

    private final Stage stage;

    BindMount(Stage stage) {
        this.stage = stage;
    }

    /** {@code result =} a copy of what is at the host's {@code source}. */
    void make(Path source, MountOptions options, Register result) {
        copy(source, options, result);
        change(result, options, List.of());
    }

    /** {@code result =} a copy of what is at the host's {@code source}, with the attributes that it has there. */
    void copy(Path source, MountOptions options, Register result) {
        Depth depth = options.bind() == MountOptions.Bind.RECURSIVE ? Depth.RECURSIVE : Depth.SINGLE;
        stage.mounts.copy(source, lastLink(options), depth, result);
    }

    /** A link that is to be copied is looked at before it is: what is found to be none is mounted. */
    static LastLink lastLink(MountOptions options) {
        return options.links().contains(Link.SOURCE) || options.links().contains(Link.COPIED)
                ? LastLink.ITSELF
                : LastLink.FOLLOWED;
    }

    /**
     * Gives a copy the attributes that its options ask for.
     *
     * @param texts the options as they are in config.json, by which errors name them
     */
    void change(Register copy, MountOptions options, List<String> texts) {
        changeAlone(copy, options, texts);
        changeAllBelow(copy, options, texts);
    }

    /** Gives a mount the attributes that its options ask for it alone. */
    void changeAlone(Register mount, MountOptions options, List<String> texts) {
        change(mount, Depth.SINGLE, MountChange.of(MountAttributes.ofBind(options), Depth.SINGLE, texts));
    }

    /** Gives a mount, which is new, the attributes that its options ask for it and all below: there may be nothing. */
    void changeAllBelow(Register mount, MountOptions options, List<String> texts) {
        Depth depth = options.bind() == MountOptions.Bind.RECURSIVE ? Depth.RECURSIVE : Depth.SINGLE;
        change(mount, depth, MountChange.of(MountAttributes.recursive(options), Depth.RECURSIVE, texts));
    }

    private void change(Register mount, Depth depth, List<MountChange> changes) {
        Source source = stage.asm.source();
        for (MountChange change : changes) {
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
