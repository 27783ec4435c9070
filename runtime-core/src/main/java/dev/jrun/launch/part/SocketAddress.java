// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.file.Path;

/**
 * The address of a Unix socket that has a name. {@code sun_path} of unix(7) has 108 bytes, too few for some
 * directories, so the path goes through its directory's descriptor.
 */
public final class SocketAddress {

    private static final byte[] FAMILY = {(byte) SocketFlags.AF_UNIX, 0};

    private final Assembler asm;
    private final Path socket;
    private final Machine machine;
    private final Register directory;
    private final DescriptorPath path;

    /** @param socket absolute */
    public SocketAddress(Assembler asm, Path socket, Machine machine) {
        this.asm = asm;
        this.socket = socket;
        this.machine = machine;
        this.directory = asm.register("directory");
        this.path = new DescriptorPath(asm, FAMILY, "/" + socket.getFileName());
    }

    /** Opens the directory and makes the address; {@link #close} it after use. */
    public void open() {
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(socket.getParent().toString()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                .into(directory);
        path.write(directory);
    }

    public void close() {
        asm.call(Syscall.CLOSE, directory);
    }

    public Address place() {
        return path.place();
    }

    public Operand length() {
        return value(path.size());
    }

    /**
     * {@code connection =} a connection to whoever listens there, which Ctrl-C and its like may end while it waits for
     * room in the queue.
     */
    public void connect(Register connection) {
        open();
        asm.call(
                        Syscall.SOCKET,
                        value(SocketFlags.AF_UNIX),
                        value(SocketFlags.SOCK_STREAM | SocketFlags.SOCK_CLOEXEC),
                        value(0))
                .into(connection);
        SignalMask.letEnd(asm);
        asm.call(Syscall.CONNECT, connection, place(), length());
        SignalMask.hold(asm);
        close();
    }
}
