// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.HostCommand;
import dev.jrun.launch.HostCommandOutput;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command of the host that the caller's shim has executed, such as ps(1). */
public final class HostProgram {

    private final Session session;
    private final WaitStatus end;
    private final HostCommandOutput output;

    private HostProgram(Session session, WaitStatus end, HostCommandOutput output) {
        this.session = session;
        this.end = end;
        this.output = output;
    }

    /** Takes what was printed, piece by piece. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] piece) throws ContainerException, SessionBrokenException;
    }

    /**
     * Has it executed, and waits for its end.
     *
     * @param words its name, which is looked for in PATH, and its arguments
     * @param environment entries {@code NAME=value}
     */
    public static HostProgram execute(Session session, List<String> words, List<String> environment)
            throws ContainerException, SessionBrokenException {
        HostCommand command = new HostCommand(words, environment);
        Conversation conversation = Conversation.run(session, command.program());
        Report.Yielded ended = conversation.await(Tag.ENDED);
        conversation.awaitEnd();
        return new HostProgram(
                session,
                WaitStatus.of(ended.value(command.status())),
                new HostCommandOutput(ended.value(command.printed())));
    }

    /** How it ended. */
    public WaitStatus end() {
        return end;
    }

    /**
     * The beginning of what it printed, which is not trusted.
     *
     * @param longest in bytes, at most {@link HostCommandOutput#PIECE}
     */
    public String beginning(int longest) throws ContainerException, SessionBrokenException {
        byte[] piece = piece(0);
        return new String(piece, 0, Math.min(piece.length, longest), StandardCharsets.UTF_8);
    }

    /**
     * What it printed, which may be more than fits into the engine's memory: it is the caller's that holds it. Other
     * programs can be run for the caller between two pieces.
     */
    public void read(Reader reader) throws ContainerException, SessionBrokenException {
        long offset = 0;
        byte[] piece;
        do {
            piece = piece(offset);
            offset += piece.length;
            reader.read(piece);
        } while (piece.length == HostCommandOutput.PIECE);
    }

    private byte[] piece(long offset) throws ContainerException, SessionBrokenException {
        Conversation conversation = Conversation.run(session, output.piece(offset));
        byte[] piece = conversation.await(Tag.PRINTED).ranges().getFirst();
        conversation.awaitEnd();
        return piece;
    }
}
