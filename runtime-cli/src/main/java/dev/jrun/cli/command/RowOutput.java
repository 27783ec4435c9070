// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.engine.OutputProgram;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.ByteArrayOutputStream;

/** Rows of any number on the caller's standard output: only a piece of them at a time is in the engine's memory. */
final class RowOutput implements ProcessTable.Rows {

    private static final int PIECE = 256 << 10;

    private final Session session;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    RowOutput(Session session) {
        this.session = session;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws ContainerException, SessionBrokenException {
        kept.write(bytes, from, length);
        if (kept.size() >= PIECE) {
            flush();
        }
    }

    /** Prints what was not printed yet. */
    void flush() throws ContainerException, SessionBrokenException {
        Conversation.complete(session, OutputProgram.part(kept.toByteArray()));
        kept.reset();
    }
}
