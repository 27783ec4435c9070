// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Optional;

/** While a shim becomes a sealed copy of itself. It must have become one before it takes another program. */
public final class Sealing {

    private final Session session;
    private final Host host;
    private Conversation running;

    public Sealing(Session session, Host host) {
        this.session = session;
        this.host = host;
    }

    /** The shim does this, and seals itself then. */
    public void begin(Conversation conversation) {
        running = conversation;
    }

    /** Whether it has been awaited, or has not begun. */
    public boolean isOver() {
        return running == null;
    }

    /**
     * Waits until the shim is sealed.
     *
     * @throws ContainerException if it cannot seal itself
     */
    public void await() throws ContainerException, SessionBrokenException {
        Conversation sealing = running;
        if (sealing != null) {
            running = null;
            try {
                sealing.awaitExecuted();
            } catch (StepFailedException e) {
                host.checkKernel();
                throw e;
            }
        }
    }

    /** Has the shim say, once it is sealed, what the caller should know before anything is done. */
    public void warn(WarningWriter writer, List<String> warnings) throws ContainerException, SessionBrokenException {
        if (warnings.isEmpty()) {
            return;
        }
        Optional<Program> program = writer.before(warnings);
        if (program.isPresent()) {
            await();
            Conversation.complete(session, program.get());
        }
    }
}
