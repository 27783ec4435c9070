// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.SocketAddress;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a container says that it is ready. The socket is in a directory of its own in the container's state, which is
 * mounted read-only into the container where runc has it. The call that waits makes the socket: {@code run}, or
 * {@code start} if there is a service manager.
 */
public final class NotifySocket {

    /** The directory in a container's state. */
    public static final String DIRECTORY = "notify";

    /** The socket in it. */
    public static final String FILE = "notify.sock";

    private static final String PLACE = "/run/notify";

    /** The container's variable that names it. */
    public static final String VARIABLE = ServiceManager.VARIABLE + "=" + PLACE + "/" + FILE;

    private static final MountOptions OPTIONS = MountOptions.of(List.of("bind", "nosuid", "noexec", "nodev", "ro"));

    /** Whatever user of the container may say it. */
    private static final long ANYBODY = 0777;

    private static final long READABLE = 0755;

    private final Assembler asm;
    private final Path directory;
    private final Machine machine;

    /** @param state the container's, absolute */
    public NotifySocket(Assembler asm, Path state, Machine machine) {
        this.asm = asm;
        this.directory = state.resolve(DIRECTORY);
        this.machine = machine;
    }

    /** The same configuration with the directory's mount, behind all others. */
    public static Config mountedIn(Config config, Path state) {
        return config.with(new Mount(
                PLACE,
                Optional.empty(),
                Optional.of(state.resolve(DIRECTORY).toString()),
                OPTIONS,
                List.of(),
                List.of()));
    }

    /** Whether a mount is the one of {@link #mountedIn}. */
    public static boolean isMountedBy(Mount mount) {
        return mount.options() == OPTIONS;
    }

    /** Makes the directory, before there is an init that mounts it. */
    public void makeDirectory() {
        asm.source(Source.runtime("make the directory of the socket for " + ServiceManager.VARIABLE));
        asm.call(Syscall.MKDIRAT, value(OpenFlags.AT_FDCWD), asm.string(directory.toString()), value(READABLE));
        // Less the caller's umask so far.
        asm.call(Syscall.FCHMODAT, value(OpenFlags.AT_FDCWD), asm.string(directory.toString()), value(READABLE));
    }

    /** {@code socket =} the socket, in place of one that an interrupted call has left. */
    public void bind(Register socket) {
        try (var _ = asm.scope()) {
            Register umask = asm.register("umask");
            asm.source(Source.runtime("make the socket for " + ServiceManager.VARIABLE));
            asm.call(
                            Syscall.UNLINKAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(directory.resolve(FILE).toString()),
                            value(0))
                    .ignore(Errno.ENOENT);
            asm.call(
                            Syscall.SOCKET,
                            value(SocketFlags.AF_UNIX),
                            value(SocketFlags.SOCK_DGRAM | SocketFlags.SOCK_CLOEXEC),
                            value(0))
                    .into(socket);
            // bind(2) makes the file with this mode, less the caller's umask: unix(7). chmod(2) would follow a link.
            asm.call(Syscall.FCHMOD, socket, value(ANYBODY));
            SocketAddress address = new SocketAddress(asm, directory.resolve(FILE), machine);
            address.open();
            asm.call(Syscall.UMASK, value(0)).into(umask);
            asm.call(Syscall.BIND, socket, address.place(), address.length());
            asm.call(Syscall.UMASK, umask);
            address.close();
        }
    }

    /** Removes both from the container's state, whose descriptor this is. */
    public void remove(Register state) {
        asm.call(Syscall.UNLINKAT, state, asm.string(DIRECTORY + "/" + FILE), value(0))
                .ignore(Errno.ENOENT);
        asm.call(Syscall.UNLINKAT, state, asm.string(DIRECTORY), value(OpenFlags.AT_REMOVEDIR))
                .ignore(Errno.ENOENT);
    }
}
