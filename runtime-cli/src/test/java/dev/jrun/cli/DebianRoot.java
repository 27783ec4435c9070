// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root file system of Debian, made once for each build directory. It is never written to. */
final class DebianRoot {

    private static final String RELEASE = "bookworm";
    private static final String MIRROR = "http://deb.debian.org/debian";
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
    private static final Path ROOT = Path.of(System.getProperty("jrun.home")).resolveSibling("debian-" + RELEASE);

    /** It takes half a minute, or several where the mirror is slow. */
    private static final String LIMIT_SECONDS = "240";

    private DebianRoot() {}

    /** The directory; the test is skipped if it cannot be made here. */
    static Path get() throws IOException {
        if (!Files.isDirectory(ROOT)) {
            Programs.need("debootstrap", "timeout");
            Programs.skipUnless(Files.exists(KEYRING), "debian-archive-keyring is not installed");
            make();
        }
        return ROOT;
    }

    private static void make() throws IOException {
        Path unfinished = ROOT.resolveSibling(ROOT.getFileName() + ".unfinished");
        Programs.run("rm", "-rf", "--one-file-system", unfinished.toString());
        Execution debootstrap = Execution.started(
                        new ProcessBuilder(List.of(
                                "timeout",
                                LIMIT_SECONDS,
                                "debootstrap",
                                "--variant=minbase",
                                "--keyring=" + KEYRING,
                                RELEASE,
                                unfinished.toString(),
                                MIRROR)),
                        Path.of("/dev/null"))
                .await(Long.parseLong(LIMIT_SECONDS) + 10);
        String last = debootstrap.lines().isEmpty() ? "" : debootstrap.lines().getLast();
        Programs.skipUnless(debootstrap.code() == 0, "debootstrap cannot reach its mirror: " + last);
        Files.move(unfinished, ROOT);
    }
}
