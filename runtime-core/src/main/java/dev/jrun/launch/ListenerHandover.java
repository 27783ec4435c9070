// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.json.JsonWriter;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.part.DescriptorMessage;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.SocketAddress;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.StateText;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
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
 * What the shim does with the listener of a process's seccomp filter: it takes it from the process and sends it to the
 * agent, in one message with the container's process state ("The Container Process State" of config-linux.md).
 * pidfd_getfd(2), unix(7), cmsg(3).
 */
public final class ListenerHandover {

    private static final String POINTER = "/linux/seccomp/listenerPath";
    private static final int VECTOR = 16;

    private final Assembler asm;
    private final SeccompListener listener;
    private final StateSubject container;
    private final String status;
    private final Optional<byte[]> init;
    private final Machine machine;

    private ListenerHandover(
            Assembler asm,
            SeccompListener listener,
            StateSubject container,
            String status,
            Optional<byte[]> init,
            Machine machine) {
        this.asm = asm;
        this.listener = listener;
        this.container = container;
        this.status = status;
        this.init = init;
        this.machine = machine;
    }

    /** Of the container's first process. */
    public static ListenerHandover ofInit(
            Assembler asm, SeccompListener listener, StateSubject container, Machine machine) {
        return new ListenerHandover(asm, listener, container, "created", Optional.empty(), machine);
    }

    /**
     * Of a process that is executed in a container that runs.
     *
     * @param init the pid of the container's first process
     */
    public static ListenerHandover ofExecuted(
            Assembler asm, SeccompListener listener, StateSubject container, long init, Machine machine) {
        return new ListenerHandover(asm, listener, container, "running", text(Long.toString(init)), machine);
    }

    /**
     * If {@code message} announces a listener, hands it over, lets init go on and goes to {@code next}.
     *
     * @param reporter where the message came from
     * @param pid init's, who waits: so it cannot be another process's meanwhile
     */
    public void assemble(Message message, Register reporter, Operand pid, Label next) {
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
                asm.source(POINTER, "connect to " + listener.path());
                new SocketAddress(asm, listener.path(), machine).connect(agent);
                SignalMask.letEnd(asm);
                send(agent, descriptor, pid);
                SignalMask.hold(asm);
                asm.call(Syscall.CLOSE, agent);
                asm.call(Syscall.CLOSE, descriptor);
                asm.source(POINTER, "let init go on behind the handing over of its listener");
                asm.call(
                        Syscall.SENDTO,
                        reporter,
                        asm.string("g"),
                        value(1),
                        value(SocketFlags.MSG_NOSIGNAL),
                        value(0),
                        value(0));
                asm.go(next);
            }
        }
    }

    private void send(Register agent, Register descriptor, Operand pid) {
        try (var _ = asm.scope()) {
            Register digits = asm.register("digits");
            asm.source(POINTER, "send the listener and the container's process state to " + listener.path());
            Address number = asm.space(Assembler.NUMBER_SIZE);
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
            new DescriptorMessage(asm, vectors, parts.size()).send(agent, descriptor);
        }
    }

    /** The JSON text, with gaps for the pid of the process. */
    private List<Optional<byte[]>> processState() {
        StateText state = StateText.of(container, status);
        List<Optional<byte[]>> parts = new ArrayList<>();
        parts.add(text("{\"ociVersion\":" + quoted(container.ociVersion()) + ",\"fds\":[\"seccompFd\"],\"pid\":"));
        parts.add(Optional.empty());
        String metadata =
                listener.metadata().map(data -> ",\"metadata\":" + quoted(data)).orElse("");
        parts.add(text(metadata + ",\"state\":"));
        parts.add(Optional.of(state.head()));
        parts.add(Optional.of(state.pidName()));
        parts.add(init);
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
