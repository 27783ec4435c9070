// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A caller's log ({@code --log}), which the shim opens as the caller; engines have none of their own. A file is made
 * with mode 0644 if it does not exist, and appended to if it does. To the sockets of systemd-journald and of syslog
 * each message is sent by itself.
 *
 * @param path of a file, absolute or relative to the caller's working directory; or {@code journald:ID} or
 *     {@code syslog:ID}
 */
public record LogFile(String path) {

    public static final String JOURNALD = "journald:";
    public static final String SYSLOG = "syslog:";

    private static final String JOURNALD_SOCKET = "/run/systemd/journal/socket";
    private static final String SYSLOG_SOCKET = "/dev/log";
    private static final byte[] FAMILY = {(byte) SocketFlags.AF_UNIX, 0};
    private static final int MODE = 0644;

    /**
     * Seconds that a service which does not read gets for a message. Its silence is not to keep a call from being done.
     */
    private static final long PATIENCE = 2;

    /**
     * A program that opens the log and closes it again, so that one that cannot be opened is known before anything is
     * done.
     */
    public Program trial() {
        var assembler = new Assembler();
        assembler.retryable();
        assembler.source(Source.runtime("open the log file " + path));
        Register file = assembler.register("log");
        SignalMask.letEnd(assembler); // a FIFO is opened when somebody reads it
        open(assembler, file);
        SignalMask.hold(assembler);
        assembler.call(Syscall.CLOSE, file).ignoreErrors();
        assembler.end();
        return assembler.assemble();
    }

    /** Whether one message is not to be written together with the next. */
    boolean isSocket() {
        return path.startsWith(JOURNALD) || path.startsWith(SYSLOG);
    }

    /** Opens it; each error fails until the returned object says otherwise. */
    Assembler.Added open(Assembler assembler, Register file) {
        return isSocket() ? connect(assembler, file) : openFile(assembler, file, 0);
    }

    /**
     * Opens it likewise, and waits for nobody: a FIFO that has no reader cannot be opened, and one that is full takes
     * nothing. fifo(7).
     */
    Assembler.Added openAtOnce(Assembler assembler, Register file) {
        return isSocket() ? connect(assembler, file) : openFile(assembler, file, OpenFlags.O_NONBLOCK);
    }

    private Assembler.Added openFile(Assembler assembler, Register file, long more) {
        return assembler
                .call(
                        Syscall.OPENAT,
                        Operand.value(OpenFlags.AT_FDCWD),
                        assembler.string(path),
                        Operand.value(OpenFlags.O_WRONLY
                                | OpenFlags.O_CREAT
                                | OpenFlags.O_APPEND
                                | OpenFlags.O_CLOEXEC
                                | more),
                        Operand.value(MODE))
                .into(file);
    }

    /** A socket that could not be made cannot be connected either. */
    private Assembler.Added connect(Assembler assembler, Register file) {
        byte[] address = address(path.startsWith(JOURNALD) ? JOURNALD_SOCKET : SYSLOG_SOCKET);
        assembler
                .call(
                        Syscall.SOCKET,
                        Operand.value(SocketFlags.AF_UNIX),
                        Operand.value(SocketFlags.SOCK_DGRAM | SocketFlags.SOCK_CLOEXEC),
                        Operand.value(0))
                .into(file)
                .ignoreErrors();
        assembler
                .call(
                        Syscall.SETSOCKOPT,
                        file,
                        Operand.value(SocketFlags.SOL_SOCKET),
                        Operand.value(SocketFlags.SO_SNDTIMEO),
                        assembler.bytes(Struct.ofLongs(PATIENCE, 0)),
                        Operand.value(2 * Long.BYTES))
                .ignoreErrors();
        return assembler.call(Syscall.CONNECT, file, assembler.bytes(address), Operand.value(address.length));
    }

    /** {@code struct sockaddr_un} of unix(7). */
    private static byte[] address(String socket) {
        byte[] name = socket.getBytes(StandardCharsets.US_ASCII);
        byte[] address = Arrays.copyOf(FAMILY, FAMILY.length + name.length + 1);
        System.arraycopy(name, 0, address, FAMILY.length, name.length);
        return address;
    }
}
