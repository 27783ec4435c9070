// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

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
 * The address of the socket that a created init waits on. {@code sun_path} of unix(7) holds 108 bytes, less than some state
 * directories, so it is named through the directory's descriptor.
 */
final class StartSocket {

    /** The socket's name in the state directory. */
    static final String NAME = "init.sock";

    private static final byte[] FAMILY = {(byte) SocketFlags.AF_UNIX, 0};

    private final Assembler asm;
    private final Path stateDirectory;
    private final Machine machine;
    private final Register directory;
    private final DescriptorPath path;

    StartSocket(Assembler asm, Path stateDirectory, Machine machine) {
        this.asm = asm;
        this.stateDirectory = stateDirectory;
        this.machine = machine;
        this.directory = asm.register("state directory");
        this.path = new DescriptorPath(asm, FAMILY, "/" + NAME);
    }

    /** Opens the directory and makes the address; {@link #close} it after use. */
    void open() {
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(stateDirectory.toString()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                .into(directory);
        path.write(directory);
    }

    void close() {
        asm.call(Syscall.CLOSE, directory);
    }

    Address place() {
        return path.place();
    }

    Operand length() {
        return value(path.size());
    }
}
