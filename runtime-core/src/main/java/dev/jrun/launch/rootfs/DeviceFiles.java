// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.rootfs.NamedMounts.Inside;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.Config;
import dev.jrun.spec.Device;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Namespace;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code linux.devices}, and the device files and links that every container has, "Default Devices" and "Dev symbolic
 * links" of config-linux.md. A /dev that the configuration brings along by a bind mount, or that is a mount in the root
 * file system already, is left as it is.
 */
public final class DeviceFiles {

    /** Numbers of the kernel's devices.txt. {@code DevicePolicy} of cgroup/device allows the use of each. */
    static final List<Device> DEFAULTS = List.of(
            character("/dev/null", 1, 3),
            character("/dev/zero", 1, 5),
            character("/dev/full", 1, 7),
            character("/dev/random", 1, 8),
            character("/dev/urandom", 1, 9),
            character("/dev/tty", 5, 0));

    private static final String DIRECTORY = "dev";
    private static final String TERMINALS = DIRECTORY + "/pts";
    private static final String CONSOLE = "console";
    private static final List<String> NULL = List.of(DIRECTORY, "null");
    private static final List<String> TERMINAL_MULTIPLEXER = List.of(DIRECTORY, "ptmx");

    private record Link(String name, String target) {}

    private static final List<Link> LINKS = List.of(
            new Link("fd", "/proc/self/fd"),
            new Link("stdin", "/proc/self/fd/0"),
            new Link("stdout", "/proc/self/fd/1"),
            new Link("stderr", "/proc/self/fd/2"),
            new Link("core", "/proc/kcore"));

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final DeviceNodes nodes;
    private final List<Mount> mounts;
    private final Linux linux;
    private final boolean terminal;

    /** Whether it makes device files; else it mounts the host's. */
    private final boolean makes;

    /** In a user namespace init may not make device files, mknod(2), whatever its caller may. */
    public DeviceFiles(ContainerRoot containerRoot, Config config, CallerRights rights) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.nodes = new DeviceNodes(containerRoot);
        this.mounts = config.mounts();
        this.linux = config.linux();
        this.terminal = config.process().isPresent() && config.process().get().terminal();
        this.makes = rights.makesDeviceFiles()
                && linux.namespace(Namespace.Type.USER).isEmpty();
    }

    private static Device character(String path, long major, long minor) {
        return new Device(
                Device.Type.CHARACTER,
                path,
                major,
                minor,
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    /** Says in which mounts it makes something, before they are made. */
    public void keepMounts() {
        containerRoot.named.keep(containerRoot.named.around(DIRECTORY));
        if (terminal) {
            containerRoot.named.keep(containerRoot.named.around(TERMINALS));
        }
        for (Device device : linux.devices()) {
            containerRoot.named.keep(containerRoot.named.around(DeviceNodes.parent(device)));
        }
    }

    /** The mount in which it makes a null device that is nobody else's: one of a new and empty file system. */
    public Optional<Mount> placeOfOwnNull() {
        Optional<Inside> inside = containerRoot.named.around(String.join("/", NULL));
        if (!makes || inside.isEmpty() || !isNewDirectory(inside.get().mount()) || isNullConfigured()) {
            return Optional.empty();
        }
        return Optional.of(inside.get().mount());
    }

    private static boolean isNewDirectory(Mount mount) {
        return mount.place().equals(DIRECTORY)
                && mount.options().bind() == MountOptions.Bind.NO
                && mount.type().orElse("").equals("tmpfs")
                && !mount.options().tmpcopyup();
    }

    private boolean isNullConfigured() {
        for (Device device : linux.devices()) {
            if (DeviceNodes.components(device).equals(NULL)) {
                return true;
            }
        }
        return false;
    }

    public void assemble() {
        boolean bringsDirectory = bringsDirectory();
        List<Device> devices = linux.devices();
        if (!bringsDirectory) {
            makeDefaults(devices);
        }
        for (int i = 0; i < devices.size(); i++) {
            supply("/linux/devices/" + i, devices.get(i), bringsDirectory);
        }
    }

    /** Opens the directory of terminals, in the mount that the configuration has there. */
    public void openTerminals(Register directory) {
        Optional<NamedMounts.Inside> mount = containerRoot.named.around(TERMINALS);
        asm.source("/process/terminal", "open /dev/pts, where terminals are made");
        if (mount.isEmpty()) {
            containerRoot.openInRoot(asm.string(TERMINALS), RootDirectory.DIRECTORY_WITHOUT_LINKS, directory);
            return;
        }
        containerRoot.named.load(mount.get().mount(), directory);
        containerRoot.open(directory, asm.string(mount.get().rest()), RootDirectory.DIRECTORY_WITHOUT_LINKS, directory);
    }

    /** Mounts {@code terminal} as /dev/console; neither /dev nor that may be a link. */
    public void mountConsole(Register terminal) {
        try (var _ = asm.scope()) {
            Register directory = asm.register("dev");
            Label elsewhere = asm.label("/dev came with the root file system");
            Label done = asm.label("console");
            asm.source("/process/terminal", "open /dev for the console");
            nodes.openDirectory(DIRECTORY, directory, elsewhere);
            asm.source("/process/terminal", "mount the terminal as /dev/console");
            nodes.mount(terminal, directory, CONSOLE);
            containerRoot.close(directory);
            asm.go(done);
            asm.place(elsewhere);
            nodes.mountOverExisting(terminal, DIRECTORY + "/" + CONSOLE);
            asm.place(done);
        }
    }

    /** A devtmpfs is the host's wherever it is mounted. */
    private boolean bringsDirectory() {
        for (Mount mount : mounts) {
            if (mount.place().equals(DIRECTORY)
                    && (mount.options().bind() != MountOptions.Bind.NO
                            || mount.type().orElse("").equals("devtmpfs"))) {
                return true;
            }
        }
        return false;
    }

    private void makeDefaults(List<Device> configured) {
        Set<List<String>> taken = new HashSet<>();
        for (Device device : configured) {
            taken.add(DeviceNodes.components(device));
        }
        try (var _ = asm.scope()) {
            Register directory = asm.register("dev");
            Label broughtAlong = asm.label("/dev came with the root file system");
            Optional<Mount> mount = containerRoot.named.at(DIRECTORY);
            asm.source("/root/path", "open /dev");
            if (mount.isPresent()) {
                containerRoot.named.load(mount.get(), directory);
            } else {
                nodes.openDirectory(DIRECTORY, directory, broughtAlong);
            }
            for (Device device : DEFAULTS) {
                if (configured.isEmpty() || !taken.contains(DeviceNodes.components(device))) {
                    asm.source("/root/path", "make " + device.path());
                    makeDefault(device, directory);
                }
            }
            for (Link link : LINKS) {
                asm.source("/root/path", "link /dev/" + link.name() + " to " + link.target());
                asm.call(Syscall.SYMLINKAT, asm.string(link.target()), directory, asm.string(link.name()))
                        .ignore(Errno.EEXIST);
            }
            linkTerminalMultiplexer(directory);
            if (mount.isEmpty()) {
                containerRoot.close(directory);
            }
            asm.place(broughtAlong);
        }
    }

    /** What is there already stays: an image may bring device files of its own, and a link is not followed. */
    private void makeDefault(Device device, Register directory) {
        if (!makes) {
            nodes.mountHosts(device, directory);
            return;
        }
        asm.call(
                        Syscall.MKNODAT,
                        directory,
                        asm.string(DeviceNodes.components(device).getLast()),
                        value(DeviceNodes.mode(device)),
                        value(DeviceNodes.number(device)))
                .ignore(Errno.EEXIST);
    }

    /** /dev/ptmx has to be the one of the container's own devpts, so an old one is replaced. */
    private void linkTerminalMultiplexer(Register directory) {
        asm.source("/root/path", "link /dev/ptmx to pts/ptmx");
        asm.call(Syscall.UNLINKAT, directory, asm.string("ptmx"), value(0)).ignore(Errno.ENOENT);
        asm.call(Syscall.SYMLINKAT, asm.string("pts/ptmx"), directory, asm.string("ptmx"));
    }

    private void supply(String pointer, Device device, boolean bringsDirectory) {
        List<String> components = DeviceNodes.components(device);
        if (components.equals(TERMINAL_MULTIPLEXER)) {
            // The one that there is already is the container's own.
            return;
        }
        if (bringsDirectory && components.getFirst().equals(DIRECTORY)) {
            asm.source(pointer, "find " + DeviceNodes.describe(device) + " in the /dev that is mounted");
            nodes.expect(device);
            return;
        }
        asm.source(pointer, "make " + DeviceNodes.describe(device));
        if (!makes && DeviceNodes.takesCapability(device)) {
            nodes.bind(device);
        } else {
            nodes.make(device);
        }
    }
}
