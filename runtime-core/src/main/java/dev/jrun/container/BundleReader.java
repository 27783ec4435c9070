// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.BundleProgram;
import dev.jrun.launch.Caller;
import dev.jrun.launch.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Has a shim read a bundle, with its caller's rights. */
final class BundleReader {

    private final Session session;
    private final Machine machine;

    BundleReader(Session session, Machine machine) {
        this.session = session;
        this.machine = machine;
    }

    /** A bundle as it was read: its path without symbolic links, and its config.json. */
    record Bundle(Path path, byte[] config) {}

    /** Reads the bundle; the shim awaits its next program. */
    Bundle read(String path) throws ContainerException, SessionBrokenException {
        Program program = BundleProgram.read(machine, path);
        session.run(program);
        Bundle bundle = awaitBundle(program);
        expect(program, Report.Finished.class);
        return bundle;
    }

    /** Reads the bundle; the shim becomes a sealed copy of itself meanwhile, until {@link #awaitSealed}. */
    Bundle readAndSeal(Program program) throws ContainerException, SessionBrokenException {
        session.run(program);
        return awaitBundle(program);
    }

    Program sealingProgram(String path, Caller caller, int preservedDescriptors) {
        return BundleProgram.readAndSeal(machine, path, caller, preservedDescriptors);
    }

    /** Waits until the shim is the sealed copy. */
    void awaitSealed(Program program) throws ContainerException, SessionBrokenException {
        expect(program, Report.Ready.class);
    }

    private Bundle awaitBundle(Program program) throws ContainerException, SessionBrokenException {
        Report report = session.await();
        if (report instanceof Report.Yielded yielded && Tag.of(yielded.tag()) == Tag.BUNDLE) {
            List<byte[]> ranges = yielded.ranges();
            return new Bundle(Path.of(new String(ranges.get(1), StandardCharsets.UTF_8)), ranges.getFirst());
        }
        throw failure(program, report);
    }

    private void expect(Program program, Class<? extends Report> expected)
            throws ContainerException, SessionBrokenException {
        Report report = session.await();
        if (!expected.isInstance(report)) {
            throw failure(program, report);
        }
    }

    private static ContainerException failure(Program program, Report report) throws SessionBrokenException {
        if (report instanceof Report.Failed(int instruction, dev.jrun.kernel.Errno errno)) {
            Source source = program.source(instruction);
            return new ContainerException(source + ": " + errno.message());
        }
        throw new SessionBrokenException("the shim reported " + report + " in place of the bundle");
    }
}
