// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Propagation;
import java.nio.file.Path;
import java.util.List;

/** The mounts of config.json, in their order ({@code mounts}). */
final class Mounts {

    private static final String DEVICES = "/dev";

    private final Stage stage;
    private final Assembler asm;
    private final Path bundle;
    private final MountPoint mountPoint;
    private final CgroupMount cgroupMount;

    Mounts(Stage stage, Path bundle, CgroupMount cgroupMount) {
        this.stage = stage;
        this.asm = stage.asm;
        this.bundle = bundle;
        this.mountPoint = new MountPoint(stage);
        this.cgroupMount = cgroupMount;
    }

    void assemble(List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            asm.source("/mounts/" + i, "mount " + describe(mount) + " on " + mount.destination());
            assemble(mount, MountOptions.of(mount.options()));
        }
    }

    private void assemble(Mount mount, MountOptions options) {
        int mark = asm.registersInUse();
        if (options.bind() != MountOptions.Bind.NO) {
            bind(mount, options);
        } else {
            switch (mount.type().orElse("")) {
                case "cgroup", "cgroup2" -> cgroupMount.assemble(mount.destination(), options);
                default -> filesystem(mount, options);
            }
        }
        asm.release(mark);
    }

    private void bind(Mount mount, MountOptions options) {
        Register copy = asm.register("mount");
        Register mode = asm.register("mode");
        Register target = asm.register("target");
        // The source is relative to the bundle, as config.md has it.
        Path source = bundle.resolve(mount.source().orElse(""));
        new BindMount(stage).make(source, options, copy);
        propagate(copy, options.propagation());
        stage.fileMode(copy, mode);
        mountPoint.like(mode, mount.destination(), target);
        stage.mounts.attach(copy, target);
        stage.close(copy);
        stage.close(target);
    }

    private void filesystem(Mount mount, MountOptions options) {
        Register made = asm.register("mount");
        Register target = asm.register("target");
        String type = mount.type().orElse("none");
        MountOptions present = deferReadOnlyDevices(mount, options);
        stage.mounts.make(Filesystem.own(type, mount.source().orElse(type), present.set(), present.data()), made);
        propagate(made, options.propagation());
        mountPoint.directory(mount.destination(), target);
        stage.mounts.attach(made, target);
        stage.close(made);
        stage.close(target);
    }

    /** A read-only /dev has to be filled first; {@link #assembleReadOnlyDevices} ends it. */
    private static MountOptions deferReadOnlyDevices(Mount mount, MountOptions options) {
        return isReadOnlyDevices(mount, options) ? options.without(MountFlag.RDONLY) : options;
    }

    private static boolean isReadOnlyDevices(Mount mount, MountOptions options) {
        return options.bind() == MountOptions.Bind.NO
                && options.set().contains(MountFlag.RDONLY)
                && List.of(DEVICES.substring(1)).equals(MountPoint.components(mount.destination()));
    }

    /** Makes /dev read-only where it is asked for, after the device files are made. */
    void assembleReadOnlyDevices(List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            if (isReadOnlyDevices(mount, MountOptions.of(mount.options()))) {
                int mark = asm.registersInUse();
                Register devices = asm.register("devices");
                asm.source("/mounts/" + i, "make " + mount.destination() + " read-only");
                stage.openInRoot(DEVICES, devices);
                stage.mounts.change(devices, MountAttributes.READ_ONLY);
                stage.close(devices);
                asm.release(mark);
            }
        }
    }

    private void propagate(Register mount, List<Propagation> kinds) {
        for (Propagation kind : kinds) {
            stage.mounts.propagate(mount, kind);
        }
    }

    private static String describe(Mount mount) {
        if (MountOptions.of(mount.options()).bind() != MountOptions.Bind.NO) {
            return mount.source().orElse("nothing");
        }
        return mount.type().orElse("none");
    }
}
