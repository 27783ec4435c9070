// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import java.util.List;

/** The device files and links that every container has, "Default Devices" and "Dev symbolic links" of config-linux.md. */
final class DeviceFiles {

    private static final long MODE = 0666;

    /** A character device, numbers of the kernel's devices.txt. */
    private record Device(String name, int major, int minor) {
        /** {@code dev_t} as mknod(2) takes it; both numbers are below 256. */
        long number() {
            return (long) major << 8 | minor;
        }
    }

    private record Link(String name, String target) {}

    private static final List<Device> DEVICES = List.of(
            new Device("null", 1, 3),
            new Device("zero", 1, 5),
            new Device("full", 1, 7),
            new Device("random", 1, 8),
            new Device("urandom", 1, 9),
            new Device("tty", 5, 0));

    private static final List<Link> LINKS = List.of(
            new Link("fd", "/proc/self/fd"),
            new Link("stdin", "/proc/self/fd/0"),
            new Link("stdout", "/proc/self/fd/1"),
            new Link("stderr", "/proc/self/fd/2"),
            new Link("core", "/proc/kcore"));

    private final Stage stage;
    private final Assembler asm;

    DeviceFiles(Stage stage) {
        this.stage = stage;
        this.asm = stage.asm;
    }

    /** Whether the configuration brings the host's /dev along, which then is left as it is. */
    static boolean areTheHosts(List<Mount> mounts) {
        return mounts.stream()
                .anyMatch(mount -> MountPoint.components(mount.destination()).equals(List.of("dev"))
                        && MountOptions.of(mount.options()).bind() != MountOptions.Bind.NO);
    }

    void assemble() {
        int mark = asm.registersInUse();
        Register directory = asm.register("dev");
        asm.source("/root/path", "open /dev");
        new MountPoint(stage).directory("/dev", directory);
        for (Device device : DEVICES) {
            asm.source("/root/path", "make /dev/" + device.name());
            // What is there already stays: an image may bring device files of its own, and a link is not followed.
            asm.call(
                            Syscall.MKNODAT,
                            directory,
                            asm.string(device.name()),
                            value(FileMode.S_IFCHR | MODE),
                            value(device.number()))
                    .ignore(Errno.EEXIST);
        }
        for (Link link : LINKS) {
            asm.source("/root/path", "link /dev/" + link.name() + " to " + link.target());
            asm.call(Syscall.SYMLINKAT, asm.string(link.target()), directory, asm.string(link.name()))
                    .ignore(Errno.EEXIST);
        }
        linkTerminalMultiplexer(directory);
        stage.close(directory);
        asm.release(mark);
    }

    /** /dev/ptmx has to be the one of the container's own devpts, so an old one is replaced. */
    private void linkTerminalMultiplexer(Register directory) {
        asm.source("/root/path", "link /dev/ptmx to pts/ptmx");
        asm.call(Syscall.UNLINKAT, directory, asm.string("ptmx"), value(0)).ignore(Errno.ENOENT);
        asm.call(Syscall.SYMLINKAT, asm.string("pts/ptmx"), directory, asm.string("ptmx"));
    }
}
