// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.json.Printable;
import dev.jrun.kernel.call.ByteText;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.BundleProgram;
import dev.jrun.launch.Caller;
import dev.jrun.launch.ProbeProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Has a shim read a bundle, with its caller's rights. */
public final class BundleReader {

    private final Session session;
    private final Host host;
    private ProbeProgram probe;

    public BundleReader(Session session, Host host) {
        this.session = session;
        this.host = host;
    }

    /**
     * A bundle as it was read.
     *
     * @param name its path without symbolic links, {@link ByteText}
     * @param config its config.json
     */
    public record Bundle(String name, byte[] config) {

        /**
         * Its path.
         *
         * @throws ContainerException if the engine cannot name it
         */
        public Path path() throws ContainerException {
            if (!ByteText.isUtf8(name)) {
                throw new ContainerException("the path of the bundle is not UTF-8: \"" + Printable.ofLines(name) + '"');
            }
            return Path.of(name);
        }
    }

    /** Reads the bundle; the shim awaits its next program. */
    public Bundle read(BundlePath path) throws ContainerException, SessionBrokenException {
        Conversation reading = Conversation.run(session, BundleProgram.read(host.machine(), path));
        Bundle bundle = awaitBundle(reading);
        reading.awaitEnd();
        return bundle;
    }

    /**
     * A program that reads the bundle and seals the shim. The first of an engine finds out on the way which system
     * calls there are.
     *
     * @param waking where the shim is woken for it, if it is not the first
     */
    Program sealingProgram(BundlePath path, Caller caller, int preservedDescriptors, WakeupAffinity waking) {
        Optional<KernelCalls> kernel = host.knownKernel();
        if (kernel.isPresent()) {
            return BundleProgram.readAndSeal(host.machine(), path, caller, preservedDescriptors, kernel.get(), waking);
        }
        probe = BundleProgram.probeReadAndSeal(host.machine(), path, caller, preservedDescriptors);
        return probe.program();
    }

    /** Waits for what the program reads. */
    Bundle awaitBundle(Conversation reading) throws ContainerException, SessionBrokenException {
        try {
            Report.Yielded report = reading.await(Tag.BUNDLE, Tag.KERNEL);
            if (Tag.of(report.tag()) == Tag.KERNEL) {
                host.learnKernel(probe.result(report));
                report = reading.await(Tag.BUNDLE);
            }
            return bundle(report.ranges());
        } catch (StepFailedException e) {
            host.checkKernel();
            throw e;
        }
    }

    private static Bundle bundle(List<byte[]> reported) {
        byte[] name = reported.get(1);
        return new Bundle(ByteText.of(name, 0, name.length), reported.getFirst());
    }
}
