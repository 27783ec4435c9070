// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.kernel.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What tests need of the machine; where it lacks something they are skipped and say what. */
public final class Programs {

    private Programs() {}

    public static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .map(directory -> Path.of(directory).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static void need(String... names) {
        for (String name : names) {
            skipUnless(find(name).isPresent(), name + " is not installed");
        }
    }

    public static void needContainers() {
        skipUnless(System.getProperty("user.name").equals("root"), "only root can make these containers");
        skipUnless(Files.isExecutable(Path.of("/bin/busybox")), "busybox-static is not installed");
    }

    /** @param version such as 6.9 */
    public static void needKernel(String version) {
        String found = System.getProperty("os.version");
        skipUnless(
                Runtime.Version.parse(found.replaceFirst("^([0-9.]+).*", "$1").replaceAll("(\\.0)+$", ""))
                                .compareTo(Runtime.Version.parse(version))
                        >= 0,
                "Linux " + found + " is older than " + version);
    }

    /** Whether this process, and with it a runtime that it calls, has a capability in effect. */
    public static boolean has(Capability capability) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String mask = lines.filter(line -> line.startsWith("CapEff:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("CapEff:".length());
            return (Long.parseUnsignedLong(mask.strip(), 16) & 1L << capability.ordinal()) != 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JUnit reports the reason only in its files, so it is printed, too. */
    public static void skipUnless(boolean condition, String reason) {
        if (!condition) {
            System.out.println("Skipped: " + reason);
        }
        assumeTrue(condition, reason);
    }

    public static Execution run(List<String> command) {
        return Execution.of(new ProcessBuilder(command)).succeeds();
    }

    public static Execution run(String... command) {
        return run(List.of(command));
    }
}
