// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A root file system of a suite of Debian, which {@code scripts/debian-root} makes once. It is never written to. */
public final class DebianRoot {

    private static final Path SCRIPT = Path.of("../scripts/debian-root");

    /** It takes half a minute, or several where the mirror is slow. */
    private static final long LIMIT_SECONDS = 920;

    private static final int CANNOT_BE_MADE = 77;

    private DebianRoot() {}

    /** The directory; the test is skipped if it cannot be made here. */
    public static Path of(String suite, String... packages) {
        List<String> words =
                new ArrayList<>(List.of(SCRIPT.toAbsolutePath().normalize().toString(), suite));
        words.addAll(List.of(packages));
        Execution made = Execution.started(new ProcessBuilder(words), Path.of("/dev/null"))
                .await(LIMIT_SECONDS);
        Programs.skipUnless(made.code() != CANNOT_BE_MADE, made.errors().strip());
        return Path.of(made.succeeds().output().strip());
    }
}
