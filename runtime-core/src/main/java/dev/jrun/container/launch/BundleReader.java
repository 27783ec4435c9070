// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.state.ContainerException;
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
        Program program = BundleProgram.read(host.machine(), path);
        session.run(program);
        Bundle bundle = awaitBundle(program);
        expect(program, Report.Finished.class);
        return bundle;
    }

    /**
     * A program that reads the bundle and seals the shim. The first of an engine finds out on the way which system calls there
     * are.
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

    /** Waits until the shim is the sealed copy. */
    void awaitSealed(Program program) throws ContainerException, SessionBrokenException {
        expect(program, Report.Ready.class);
    }

    /** Waits for what {@code program} reads. */
    Bundle awaitBundle(Program program) throws ContainerException, SessionBrokenException {
        while (true) {
            Report report = session.await();
            if (!(report instanceof Report.Yielded yielded)) {
                throw failure(program, report);
            }
            Tag tag = Tag.of(yielded.tag());
            if (tag == Tag.BUNDLE) {
                List<byte[]> ranges = yielded.ranges();
                byte[] name = ranges.get(1);
                return new Bundle(ByteText.of(name, 0, name.length), ranges.getFirst());
            }
            if (tag != Tag.KERNEL) {
                throw failure(program, report);
            }
            host.learnKernel(probe.result(yielded));
        }
    }

    private void expect(Program program, Class<? extends Report> expected)
            throws ContainerException, SessionBrokenException {
        Report report = session.await();
        if (!expected.isInstance(report)) {
            throw failure(program, report);
        }
    }

    private ContainerException failure(Program program, Report report)
            throws ContainerException, SessionBrokenException {
        if (report instanceof Report.Failed failed) {
            host.checkKernel();
            return new ContainerException(LaunchFailure.describe(program, failed));
        }
        throw new SessionBrokenException("the shim reported " + report + " in place of the bundle");
    }
}
