// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import dev.jrun.spec.Propagation;
import java.util.List;

/**
 * How mounts are made, changed and put where they belong. A mount is named by a descriptor of its root from the moment
 * it is made, before it has a place in the container.
 */
public sealed interface MountCalls permits NewMountCalls, ClassicMountCalls {

    /** Which mounts are meant. */
    enum Depth {
        /** One alone. */
        SINGLE,
        /** One with all below it. */
        RECURSIVE
    }

    /** The best way there is. All the calls or none: where one is missing, the others can do little. */
    static MountCalls of(RootDirectory rootDirectory, KernelCalls kernel) {
        return kernel.has(
                        NewerCall.OPEN_TREE,
                        NewerCall.MOVE_MOUNT,
                        NewerCall.FSOPEN,
                        NewerCall.FSCONFIG,
                        NewerCall.FSMOUNT,
                        NewerCall.MOUNT_SETATTR)
                ? new NewMountCalls(rootDirectory)
                : new ClassicMountCalls(rootDirectory, kernel);
    }

    /** What a symbolic link at the end of a path stands for. */
    enum LastLink {
        /** What it points to. */
        FOLLOWED,
        /** Itself. */
        ITSELF
    }

    /**
     * Gets ready, in a mount namespace that is cut off from the host's.
     *
     * @param mounts all that will be made
     */
    void prepare(List<Mount> mounts);

    /** {@code result =} a copy of what is at the host's path {@code source}. */
    void copy(String source, LastLink link, Depth depth, Register result);

    /** {@code result =} a copy of the mount at {@code source}, beginning with what that descriptor names. */
    void copy(Register source, Depth depth, Register result);

    /** {@code result =} a new mount of a file system. */
    void make(Filesystem filesystem, Register result);

    /** Changes a mount, and with it all below or none. */
    void change(Register mount, Depth depth, MountAttributes attributes);

    /** Changes how events propagate. */
    void propagate(Register mount, Propagation kind);

    /** Whether a mount can be kept before the container's mounts are cut off from the host's. */
    boolean areDetached();

    /** Takes back what {@link #prepare} did, after the last mount and before the root changes. */
    void finish();

    /** Puts {@code mount} at the place {@code target}; both descriptors stay as they are. */
    Assembler.Added attach(Register mount, Register target);

    /** Takes back a mount that is not attached, and closes its descriptor. */
    void discard(Register mount);
}
