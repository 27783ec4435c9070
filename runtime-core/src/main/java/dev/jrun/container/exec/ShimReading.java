// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.DocumentHandover;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.Sealing;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.Caller;
import dev.jrun.launch.ProbeProgram;
import dev.jrun.launch.exec.ProcessProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Patch;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Optional;

/**
 * What a shim does while the engine plans: it reads the document of a process, and becomes a sealed copy of itself.
 * Each must be awaited before the shim takes another program.
 */
final class ShimReading {

    private final Session session;
    private final Host host;
    private final Optional<String> document;
    private final Caller caller;
    private final int preservedDescriptors;
    private final Sealing sealing;
    private ProbeProgram probe;
    private Conversation reading;
    private Conversation exec;
    private ReadyExec held;

    /**
     * @param document its name, if there is one
     * @param preservedDescriptors how many descriptors from 3 on are to stay open
     */
    ShimReading(Session session, Host host, Optional<String> document, Caller caller, int preservedDescriptors) {
        this.session = session;
        this.host = host;
        this.document = document;
        this.caller = caller;
        this.preservedDescriptors = preservedDescriptors;
        this.sealing = new Sealing(session, host);
    }

    /** Has the shim begin. The first of an engine finds out on the way which system calls there are. */
    void readAndSeal() throws SessionBrokenException {
        Optional<KernelCalls> kernel = host.knownKernel();
        if (kernel.isEmpty()) {
            probe = ProcessProgram.probeReadAndSeal(document, caller, preservedDescriptors);
        }
        reading = Conversation.run(
                session,
                kernel.isPresent()
                        ? host.readings().of(document, caller, preservedDescriptors, kernel.get())
                        : probe.program());
    }

    /**
     * Waits until it is known which system calls there are, and for the document, if there is one.
     *
     * @throws ContainerException if it cannot be read
     */
    Optional<byte[]> awaitDocument() throws ContainerException, SessionBrokenException {
        Conversation running = reading;
        reading = null;
        try {
            if (probe != null) {
                host.learnKernel(probe.result(running.await(Tag.KERNEL)));
            }
            Optional<byte[]> read = Optional.empty();
            if (document.isPresent()) {
                var handover = new DocumentHandover(running);
                read = Optional.of(handover.await(new Stream()));
                running = handover.conversation();
            }
            sealing.begin(running);
            return read;
        } catch (StepFailedException e) {
            host.checkKernel();
            throw e;
        }
    }

    /** A document that can be read once. */
    private final class Stream implements DocumentHandover.Stream {
        @Override
        public Conversation read(long descriptor) throws SessionBrokenException {
            return readStream(descriptor);
        }
    }

    /** Of the document, nothing is lost but what an engine that is lost has read. */
    private Conversation readStream(long stream) throws SessionBrokenException {
        return Conversation.run(
                session,
                ProcessProgram.readStreamAndSeal(
                        stream,
                        document.orElseThrow(),
                        caller,
                        preservedDescriptors,
                        host.knownKernel().orElseThrow()));
    }

    /** Has the shim say what the caller should know before anything is done. */
    void warn(WarningWriter writer, List<String> warnings) throws ContainerException, SessionBrokenException {
        sealing.warn(writer, warnings);
    }

    /**
     * Gives the shim the program that executes, which it reads as soon as it is sealed, and which makes sure of that
     * before it does anything.
     *
     * @param known what it waits for
     */
    void hold(ReadyExec ready, List<Patch> known) throws SessionBrokenException {
        exec = sealing.isOver()
                ? Conversation.run(session, ready.program())
                : Conversation.queue(session, ready.program());
        exec.go(known);
        held = ready;
    }

    /** Waits until it runs, and returns what is said about it. */
    Conversation begin() throws ContainerException, SessionBrokenException {
        sealing.await();
        held = null;
        return exec;
    }

    /**
     * Waits until the shim takes another program, after something else has failed: what fails in it as well does not
     * matter any more.
     */
    void settle() throws ContainerException, SessionBrokenException {
        try {
            if (reading != null) {
                awaitDocument();
            }
            sealing.await();
        } catch (ContainerException alsoFailed) {
            // There is one failure to be told.
        }
        if (held != null) {
            abandon(held);
            held = null;
        }
    }

    private void abandon(ReadyExec ready) throws ContainerException, SessionBrokenException {
        int report = exec.await(Tag.HELD, Tag.SHIM_FAILED).tag();
        if (report == Tag.HELD.ordinal()) {
            exec.endAt(ready.protocol().abandoned());
        } else {
            exec.awaitEnd();
        }
    }
}
