// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.part.SocketAddress;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.file.Path;

/** What an init that is otherwise complete waits for. */
sealed interface StartGate {

    /** In the shim, before init is born. */
    void open(SyncSockets sync);

    /** With how many descriptors init can go through it, where its own are gathered. */
    int descriptors(KeptDescriptors kept);

    /** In init: goes on when the executable may start. From then on {@code reporter} is where a failure is reported. */
    void assembleInInit(SyncSockets sync, Register reporter);

    /** Nothing: {@code run}. Failures still go to the shim that started it, until execve(2) closes the socket. */
    record Open() implements StartGate {

        /** ppoll(2) takes no more than the limit says. */
        private static final int POLLED = 1;

        @Override
        public void open(SyncSockets sync) {}

        @Override
        public int descriptors(KeptDescriptors kept) {
            return POLLED;
        }

        @Override
        public void assembleInInit(SyncSockets sync, Register reporter) {}
    }

    /**
     * A connection to a socket in the container's state directory: {@code create} and {@code start}. The socket is
     * bound by the shim, so its path is the host's, and inherited by init.
     */
    final class Socket implements StartGate {

        private static final long OWNER_ONLY = 0600;

        /** How long whoever connects may take to say so much as a word: others cannot, meanwhile. */
        private static final long SECONDS = 5;

        private final Assembler asm;
        private final Path stateDirectory;
        private final Machine machine;
        private final Register listener;

        Socket(Assembler asm, Path stateDirectory, Machine machine) {
            this.asm = asm;
            this.stateDirectory = stateDirectory;
            this.machine = machine;
            this.listener = asm.register("start socket");
        }

        @Override
        public void open(SyncSockets sync) {
            try (var _ = asm.scope()) {
                asm.source(Source.runtime("listen for start in " + stateDirectory));
                asm.call(
                                Syscall.SOCKET,
                                value(SocketFlags.AF_UNIX),
                                value(SocketFlags.SOCK_STREAM | SocketFlags.SOCK_CLOEXEC),
                                value(0))
                        .into(listener);
                // bind(2) makes the file with this mode, less the caller's umask: unix(7).
                asm.call(Syscall.FCHMOD, listener, value(OWNER_ONLY));
                SocketAddress address = new SocketAddress(asm, StartProgram.socket(stateDirectory), machine);
                address.open();
                asm.call(Syscall.BIND, listener, address.place(), address.length());
                asm.call(Syscall.LISTEN, listener, value(1));
                address.close();
                sync.kept().add(listener);
            }
        }

        /** The connection gets the number of the socket to the shim, which is closed then. */
        @Override
        public int descriptors(KeptDescriptors kept) {
            return kept.first() + 1;
        }

        @Override
        public void assembleInInit(SyncSockets sync, Register reporter) {
            try (var _ = asm.scope()) {
                Register connection = asm.register("connection");
                Register received = asm.register("received");
                Address word = asm.space(1);
                Label wait = asm.label("wait for start");
                asm.source(Source.runtime("let the shim end"));
                asm.call(Syscall.CLOSE, sync.init());
                asm.place(wait);
                asm.source(Source.runtime("wait for start"));
                asm.call(Syscall.ACCEPT4, listener, value(0), value(0), value(SocketFlags.SOCK_CLOEXEC))
                        .into(connection);
                limitReceiving(connection, SECONDS);
                asm.call(Syscall.RECVFROM, connection, word, value(1), value(0), value(0), value(0))
                        .into(received)
                        .ignoreErrors();
                try (var _ = asm.when(received, Condition.NOT_EQUAL, value(1), "start")) {
                    // Whoever connected left without a word, or is silent.
                    asm.call(Syscall.CLOSE, connection);
                    asm.go(wait);
                }
                limitReceiving(connection, 0);
                asm.move(reporter, connection);
                asm.call(Syscall.CLOSE, listener);
            }
        }

        /** SO_RCVTIMEO of socket(7), a struct timeval; 0 is no limit. */
        private void limitReceiving(Register connection, long seconds) {
            asm.call(
                    Syscall.SETSOCKOPT,
                    connection,
                    value(SocketFlags.SOL_SOCKET),
                    value(SocketFlags.SO_RCVTIMEO),
                    asm.bytes(Struct.ofLongs(seconds, 0)),
                    value(2 * Long.BYTES));
        }
    }
}
