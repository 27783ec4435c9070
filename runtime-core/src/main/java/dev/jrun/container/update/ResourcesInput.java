// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.DocumentHandover;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.launch.ResourcesProgram;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Problem;
import dev.jrun.spec.reading.AskedLimits;
import dev.jrun.spec.reading.Reading;
import dev.jrun.spec.reading.ResourcesReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The limits that a caller asks for, read and understood. */
final class ResourcesInput {

    /** As many device rules as there may be have room in that. */
    private static final int LONGEST = 1 << 20;

    private final Host host;
    private final Session session;
    private final ResourcesText text;

    ResourcesInput(Host host, Session session, ResourcesText text) {
        this.host = host;
        this.session = session;
        this.text = text;
    }

    /**
     * Reads the document that says them; a shim that reads one awaits its next program.
     *
     * @throws InvalidConfigException if it is too long
     * @throws ContainerException if there is no such document
     */
    byte[] read(AskedResources asked) throws ContainerException, SessionBrokenException {
        byte[] document = document(asked);
        if (document.length > LONGEST) {
            session.forgetReports();
            throw new InvalidConfigException(text.line(
                    new Problem("", document.length + " bytes", "allowed: at most " + LONGEST, Optional.empty())));
        }
        return document;
    }

    /** @throws InvalidConfigException if it has problems */
    Reading<AskedLimits> understand(byte[] document) throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toRead(document)) {
            Reading<AskedLimits> reading = ResourcesReader.read(document);
            if (reading.value().isEmpty()) {
                throw new InvalidConfigException(text.lines(reading.problems()));
            }
            return reading;
        } finally {
            session.forgetReports();
        }
    }

    private byte[] document(AskedResources asked) throws ContainerException, SessionBrokenException {
        return asked instanceof AskedResources.OnCommandLine options
                ? options.json().getBytes(StandardCharsets.UTF_8)
                : read(((AskedResources.Document) asked).name());
    }

    private byte[] read(String name) throws ContainerException, SessionBrokenException {
        var handover = new DocumentHandover(Conversation.run(session, ResourcesProgram.read(name)));
        byte[] document =
                handover.await(stream -> Conversation.run(session, ResourcesProgram.readStream(stream, name)));
        handover.conversation().awaitEnd();
        return document;
    }
}
