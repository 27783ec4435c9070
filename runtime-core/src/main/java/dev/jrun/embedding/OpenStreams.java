// SPDX-License-Identifier: Apache-2.0
package dev.jrun.embedding;

import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The descriptors of standard streams, until a shim has them. */
final class OpenStreams implements AutoCloseable {

    private static final long APPENDED = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND;

    /** Before the umask. */
    private static final int MODE = 0666;

    private final List<Integer> opened = new ArrayList<>();
    private final ShimProcess.Streams descriptors;

    /** @throws LinuxException if a file cannot be opened; none is open then */
    OpenStreams(StandardStreams streams) throws LinuxException {
        try {
            int input = open(streams.input(), OpenFlags.O_RDONLY, ShimProcess.Streams.OWN.input());
            int output = open(streams.output(), APPENDED, ShimProcess.Streams.OWN.output());
            int error = open(streams.error(), APPENDED, ShimProcess.Streams.OWN.error());
            this.descriptors = new ShimProcess.Streams(input, output, error);
        } catch (LinuxException e) {
            close();
            throw e;
        }
    }

    private int open(Optional<Path> file, long flags, int inherited) throws LinuxException {
        if (file.isEmpty()) {
            return inherited;
        }
        int descriptor = LinuxCalls.open(file.get(), flags, MODE);
        opened.add(descriptor);
        return descriptor;
    }

    ShimProcess.Streams descriptors() {
        return descriptors;
    }

    @Override
    public void close() {
        for (int descriptor : opened) {
            LinuxCalls.close(descriptor);
        }
    }
}
