// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.engine.OutputProgram;
import dev.jrun.json.JsonWriter;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;

/**
 * JSON of any length on the caller's standard output: only a piece of it at a time is in the engine's memory, or sent.
 */
final class LongOutput implements JsonWriter.Drain {

    private static final int PIECE = 1 << 20;

    private final Session session;
    private boolean unused = true;

    LongOutput(Session session) {
        this.session = session;
    }

    /** Whether nothing was passed on yet. */
    boolean isUnused() {
        return unused;
    }

    /** Writes a member of an object that is a string. */
    void write(JsonWriter json, String name, String value) throws ContainerException, SessionBrokenException {
        try {
            json.member(name, value, this);
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    @Override
    public void drain(JsonWriter json) throws IOException {
        if (json.length() < PIECE) {
            return;
        }
        unused = false;
        try {
            Conversation.complete(session, OutputProgram.part(json.take()));
        } catch (StepFailedException e) {
            throw new IOException("the output is not complete", e);
        }
    }
}
