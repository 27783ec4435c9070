// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.launch.rootfs.MountCalls.LastLink;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.MountOptions.Link;
import dev.jrun.spec.Propagation;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Makes detached copies of mounts of the host, with the attributes that their options ask for. */
final class BindMount {

    private final ContainerRoot containerRoot;
    private final Map<MountOptions, Changes> changes = new IdentityHashMap<>();

    /** What options ask for. */
    private record Changes(List<MountChange> alone, List<MountChange> allBelow) {
        static Changes of(MountOptions options) {
            return new Changes(
                    MountChange.of(MountAttributes.ofBind(options), Depth.SINGLE, options.written()),
                    MountChange.of(MountAttributes.recursive(options), Depth.RECURSIVE, options.written()));
        }
    }

    BindMount(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
    }

    /** {@code result =} a copy of what is at the host's {@code source}, with the attributes that it has there. */
    void copy(String source, MountOptions options, Register result) {
        containerRoot.mounts.copy(source, lastLink(options), depth(options), result);
    }

    /** A link that is to be copied is looked at before it is: what is found to be none is mounted. */
    static LastLink lastLink(MountOptions options) {
        return options.links().contains(Link.SOURCE) || options.links().contains(Link.COPIED)
                ? LastLink.ITSELF
                : LastLink.FOLLOWED;
    }

    private static Depth depth(MountOptions options) {
        return options.bind() == MountOptions.Bind.RECURSIVE ? Depth.RECURSIVE : Depth.SINGLE;
    }

    /** Gives a copy the attributes that its options ask for. */
    void change(Register copy, MountOptions options) {
        changeAlone(copy, options);
        changeAllBelow(copy, options);
    }

    /** Gives a mount the attributes that its options ask for it alone. */
    void changeAlone(Register mount, MountOptions options) {
        change(mount, Depth.SINGLE, changes(options).alone());
    }

    /** Gives a mount, which is new, the attributes that its options ask for it and all below: there may be nothing. */
    void changeAllBelow(Register mount, MountOptions options) {
        change(mount, depth(options), changes(options).allBelow());
    }

    /** Has a mount pass on mounts below it as its options ask for. */
    void propagate(Register mount, MountOptions options) {
        for (Propagation kind : options.propagation()) {
            containerRoot.mounts.propagate(mount, kind);
        }
    }

    private Changes changes(MountOptions options) {
        Changes found = changes.get(options);
        if (found == null) {
            found = Changes.of(options);
            changes.put(options, found);
        }
        return found;
    }

    private void change(Register mount, Depth depth, List<MountChange> parts) {
        Assembler asm = containerRoot.asm;
        for (MountChange part : parts) {
            try (var _ = asm.aside()) {
                if (part.option().isPresent()) {
                    asm.source(asm.source().part("options/" + part.option().getAsInt()));
                }
                containerRoot.mounts.change(mount, depth, part.attributes());
            }
        }
    }
}
