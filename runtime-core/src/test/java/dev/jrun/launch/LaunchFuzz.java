// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Program;
import dev.jrun.program.ProgramTooLargeException;
import dev.jrun.spec.Config;
import dev.jrun.spec.fixtures.MutatedDocument;
import dev.jrun.spec.reading.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** For a fuzzer ({@code scripts/fuzz}): a configuration without problems has a launch program that a shim takes. */
public final class LaunchFuzz {
    private static final LaunchRequest.Options OPTIONS = LaunchRequest.Options.NONE;
    private static final List<String> RESCUE = List.of("/opt/jrun/bin/jrun", "delete", "--force", "c1");
    private static final List<byte[]> DOCUMENTS = List.of(
            fixture("valid/default-without-terminal.json"),
            fixture("valid/everything.json"),
            fixture("valid/crun-mount-options.json"),
            fixture("captured/docker-20.10-limits.json"),
            fixture("captured/podman-4.3-userns.json"));

    /** Bytes of an input that are used: with more than eight changes hardly a document is sound. */
    private static final int MOST = 33;

    private LaunchFuzz() {}

    private static byte[] fixture(String path) {
        try (InputStream stream = LaunchFuzz.class.getResourceAsStream("/fixtures/" + path)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by Jazzer: the first byte chooses a document, the next ones change it. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] document = DOCUMENTS.get((input[0] & 0xff) % DOCUMENTS.size());
        byte[] changes = Arrays.copyOfRange(input, 1, Math.min(input.length, MOST));
        Optional<Config> config = ConfigReader.draftToRun(MutatedDocument.of(document, changes))
                .reading()
                .value();
        if (config.isPresent()) {
            compile(config.get());
        }
    }

    private static void compile(Config config) {
        try {
            Program program = new CreateProgram(
                            new LaunchRequest(
                                    "c1",
                                    config,
                                    LaunchedConfig.BUNDLE,
                                    LaunchedConfig.NO_CGROUPS,
                                    OPTIONS,
                                    new Ending.OnStart(LaunchedConfig.STATE),
                                    LaunchedConfig.seccomp(config),
                                    LaunchedConfig.CALLER_ENVIRONMENT,
                                    RESCUE,
                                    Map.of(),
                                    LaunchedConfig.ALL_RIGHTS,
                                    LaunchedConfig.console(config),
                                    Announcement.NONE),
                            Machine.X86_64,
                            KernelCalls.all())
                    .program();
            program.encode(Machine.X86_64);
        } catch (ProgramTooLargeException e) {
            // Create says so.
        }
    }
}
