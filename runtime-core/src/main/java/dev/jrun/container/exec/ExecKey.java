// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.container.launch.KnownContainers;
import dev.jrun.launch.PidFile;
import dev.jrun.launch.exec.ExecRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Identifies execs that have the same program. The key has everything in a call that the program depends on, with one
 * exception: the name of the pid file, which differs each time, is patched into the program.
 */
final class ExecKey {

    /** Nobody asks a container how it is with a longer one. */
    private static final int LONGEST_DOCUMENT = 64 << 10;

    private static final byte[] NO_DOCUMENT = {};

    private ExecKey() {}

    /**
     * The key of this call; empty if what it asks for is not to be known again: a terminal, other cgroups, and sockets
     * are seldom.
     */
    static Optional<KnownContainers.Key> of(ExecCall call, Optional<byte[]> document) {
        ExecRequest.Options options = call.options();
        if (options.pidfdSocket().isPresent()
                || options.consoleSocket().isPresent()
                || !call.cgroups().paths().isEmpty()) {
            return Optional.empty();
        }
        if (call.asked() instanceof AskedProcess.OnCommandLine asked) {
            return asked.terminal() ? Optional.empty() : Optional.of(key(call, NO_DOCUMENT, asked.words()));
        }
        return document.orElseThrow().length > LONGEST_DOCUMENT
                ? Optional.empty()
                : Optional.of(key(call, document.orElseThrow(), new ArrayList<>()));
    }

    private static KnownContainers.Key key(ExecCall call, byte[] document, List<String> words) {
        words.add(document.length == 0 ? "command line" : "document");
        words.add(call.ending().name());
        words.add(Integer.toString(call.options().preservedDescriptors()));
        Optional<Path> pidFile = call.options().pidFile();
        if (pidFile.isPresent()) {
            PidFile.Shape shape = PidFile.Shape.of(pidFile.get());
            words.add(shape.directory() + " " + shape.room());
        }
        return new KnownContainers.Key(document, words);
    }
}
