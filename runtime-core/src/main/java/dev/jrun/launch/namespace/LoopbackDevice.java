// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Brings up "lo" in a new network namespace, where it is down; programs expect 127.0.0.1 to work. netdevice(7). */
public final class LoopbackDevice {

    private static final int IFREQ_FLAGS = 16;

    private LoopbackDevice() {}

    public static void assemble(Assembler asm) {
        try (var _ = asm.scope()) {
            Register socket = asm.register("socket");
            Label done = asm.label("loopback done");
            asm.source("/linux/namespaces", "bring up the loopback device");
            byte[] request = Arrays.copyOf("lo".getBytes(StandardCharsets.US_ASCII), SocketFlags.IFREQ_SIZE);
            request[IFREQ_FLAGS] = (byte) SocketFlags.IFF_UP;
            Address up = asm.bytes(request);
            // A kernel without IPv4 has no 127.0.0.1 to bring up.
            asm.call(
                            Syscall.SOCKET,
                            value(SocketFlags.AF_INET),
                            value(SocketFlags.SOCK_DGRAM | SocketFlags.SOCK_CLOEXEC),
                            value(0))
                    .into(socket)
                    .on(done, Errno.EAFNOSUPPORT);
            asm.call(Syscall.IOCTL, socket, value(SocketFlags.SIOCSIFFLAGS), up);
            asm.call(Syscall.CLOSE, socket);
            asm.place(done);
        }
    }
}
