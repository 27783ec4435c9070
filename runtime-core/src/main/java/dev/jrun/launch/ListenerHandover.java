// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.json.JsonWriter;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Message;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.StateText;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the shim does with the listener of init's seccomp filter: it takes it from init and sends it to the agent, in one message
 * with the container's process state ("The Container Process State" of config-linux.md). pidfd_getfd(2), unix(7), cmsg(3).
 */
final class ListenerHandover {

    private static final String POINTER = "/linux/seccomp/listenerPath";
    private static final byte[] FAMILY = {(byte) SocketFlags.AF_UNIX, 0};
    private static final int DIGITS = 24;
    private static final int MESSAGE_HEADER = 56;
    private static final int VECTOR = 16;
    private static final int CONTROL = 24;
    private static final int CONTROL_LENGTH = 20;
    private static final int CONTROL_DATA = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    private final Assembler asm;
    private final SeccompListener listener;
    private final StateSubject container;
    private final Machine machine;

    ListenerHandover(Assembler asm, SeccompListener listener, StateSubject container, Machine machine) {
        this.asm = asm;
        this.listener = listener;
        this.container = container;
        this.machine = machine;
    }

    /**
     * If {@code message} announces a listener, hands it over, lets init go on and goes to {@code next}.
     *
     * @param socket where the message came from
     * @param pid init's, who waits: so it cannot be another process's meanwhile
     */
    void assemble(Message message, Register socket, Operand pid, Label next) {
        try (var _ = asm.scope()) {
            Register kind = asm.register("kind");
            Register number = asm.register("number");
            Register process = asm.register("init");
            Register descriptor = asm.register("listener");
            Register agent = asm.register("agent");
            message.loadKind(kind);
            try (var _ = asm.when(kind, Condition.EQUAL, value(Message.KIND_LISTENER), "another message")) {
                asm.source(POINTER, "take the listener from init");
                message.loadListener(number);
                asm.call(Syscall.PIDFD_OPEN, pid, value(0)).into(process);
                asm.call(Syscall.PIDFD_GETFD, process, number, value(0)).into(descriptor);
                asm.call(Syscall.CLOSE, process);
                SignalMask.letEnd(asm);
                connect(agent);
                send(agent, descriptor, pid);
                SignalMask.hold(asm);
                asm.call(Syscall.CLOSE, agent);
                asm.call(Syscall.CLOSE, descriptor);
                asm.source(POINTER, "let init go on behind the handing over of its listener");
                asm.call(
                        Syscall.SENDTO,
                        socket,
                        asm.string("g"),
                        value(1),
                        value(SocketFlags.MSG_NOSIGNAL),
                        value(0),
                        value(0));
                asm.go(next);
            }
        }
    }

    /** {@code sun_path} of unix(7) holds 108 bytes, so the socket is named through its directory's descriptor. */
    private void connect(Register agent) {
        try (var _ = asm.scope()) {
            Register directory = asm.register("directory");
            asm.source(POINTER, "connect to " + listener.path());
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(listener.path().getParent().toString()),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                    .into(directory);
            DescriptorPath address =
                    new DescriptorPath(asm, FAMILY, "/" + listener.path().getFileName());
            address.write(directory);
            asm.call(
                            Syscall.SOCKET,
                            value(SocketFlags.AF_UNIX),
                            value(SocketFlags.SOCK_STREAM | SocketFlags.SOCK_CLOEXEC),
                            value(0))
                    .into(agent);
            asm.call(Syscall.CONNECT, agent, address.place(), value(address.size()));
            asm.call(Syscall.CLOSE, directory);
        }
    }

    private void send(Register agent, Register descriptor, Operand pid) {
        try (var _ = asm.scope()) {
            Register digits = asm.register("digits");
            asm.source(POINTER, "send the listener and the container's process state to " + listener.path());
            Address number = asm.space(DIGITS);
            asm.format(number, pid, digits);
            List<Optional<byte[]>> parts = processState();
            Address vectors = asm.bytes(new byte[parts.size() * VECTOR]);
            for (int i = 0; i < parts.size(); i++) {
                Address vector = vectors.plus(i * VECTOR);
                if (parts.get(i).isPresent()) {
                    byte[] text = parts.get(i).get();
                    asm.point(vector, asm.bytes(text));
                    asm.store(Width.LONG, vector.plus(Long.BYTES), value(text.length));
                } else {
                    asm.point(vector, number);
                    asm.store(Width.LONG, vector.plus(Long.BYTES), digits);
                }
            }
            Address control = asm.bytes(new byte[CONTROL]);
            asm.store(Width.LONG, control, value(CONTROL_LENGTH));
            asm.store(Width.INT, control.plus(8), value(SOL_SOCKET));
            asm.store(Width.INT, control.plus(12), value(SCM_RIGHTS));
            asm.store(Width.INT, control.plus(CONTROL_DATA), descriptor);
            Address message = asm.bytes(new byte[MESSAGE_HEADER]);
            asm.point(message.plus(16), vectors);
            asm.store(Width.LONG, message.plus(24), value(parts.size()));
            asm.point(message.plus(32), control);
            asm.store(Width.LONG, message.plus(40), value(CONTROL));
            asm.call(Syscall.SENDMSG, agent, message, value(SocketFlags.MSG_NOSIGNAL));
        }
    }

    /** The JSON text, with gaps for the pid. */
    private List<Optional<byte[]>> processState() {
        StateText state = StateText.of(container, "created");
        List<Optional<byte[]>> parts = new ArrayList<>();
        parts.add(text("{\"ociVersion\":" + quoted(container.ociVersion()) + ",\"fds\":[\"seccompFd\"],\"pid\":"));
        parts.add(Optional.empty());
        String metadata =
                listener.metadata().map(data -> ",\"metadata\":" + quoted(data)).orElse("");
        parts.add(text(metadata + ",\"state\":"));
        parts.add(Optional.of(state.head()));
        parts.add(Optional.of(state.pidName()));
        parts.add(Optional.empty());
        parts.add(Optional.of(state.tail()));
        parts.add(text("}"));
        return parts;
    }

    private static String quoted(String text) {
        return JsonWriter.compact().value(text).toString();
    }

    private static Optional<byte[]> text(String text) {
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
