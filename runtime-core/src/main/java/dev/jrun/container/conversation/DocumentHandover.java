// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import dev.jrun.program.SessionBrokenException;

/**
 * How a shim hands over a document that its caller has named. A regular file is read by the first program. Anything
 * else can be read only once, so a program of its own does it, after which the call cannot be repeated.
 */
public final class DocumentHandover {

    private Conversation conversation;

    /** @param conversation about the program that opens it */
    public DocumentHandover(Conversation conversation) {
        this.conversation = conversation;
    }

    /** What reads a stream. */
    public interface Stream {
        /** Has the shim read from this descriptor. */
        Conversation read(long descriptor) throws SessionBrokenException;
    }

    /** Waits for the document. */
    public byte[] await(Stream stream) throws ContainerException, SessionBrokenException {
        Report.Yielded report = conversation.await(Tag.DOCUMENT, Tag.STREAM);
        if (Tag.of(report.tag()) == Tag.STREAM) {
            conversation.awaitEnd();
            conversation = stream.read(report.registers().values().iterator().next());
            report = conversation.await(Tag.DOCUMENT);
        }
        return report.ranges().getFirst();
    }

    /** About the program that has handed it over, which has still to end. */
    public Conversation conversation() {
        return conversation;
    }
}
