// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Docker used with one runtime, and what a user sees of that. */
record DockerSession(DockerDaemon daemon, String runtime, Transcript transcript) {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    DockerSession(DockerDaemon daemon, String runtime) {
        this(daemon, runtime, new Transcript());
    }

    /** {@code docker run}, without a network. */
    Execution run(String... arguments) {
        List<String> words = new ArrayList<>(List.of("run", "--network=none"));
        words.addAll(List.of(arguments));
        return runAsItIs(words);
    }

    /** {@code docker run --rm made sh -c SCRIPT}, with options. */
    Execution script(String script, String... options) {
        List<String> words = new ArrayList<>(List.of("--rm"));
        words.addAll(List.of(options));
        words.addAll(List.of(DockerDaemon.IMAGE, "sh", "-c", script));
        return run(words.toArray(String[]::new));
    }

    /** {@code docker run}, on the bridge unless told otherwise. */
    Execution runWithNetwork(String... arguments) {
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of(arguments));
        return runAsItIs(words);
    }

    private Execution runAsItIs(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.add(1, "--runtime=" + runtime);
        Execution execution = daemon.docker(all.toArray(String[]::new));
        transcript.add(words, execution);
        return execution;
    }

    /** A container named {@code one} that stays. */
    void runDetached(String... arguments) {
        List<String> words = new ArrayList<>(List.of("--detach", "--name=one"));
        words.addAll(List.of(arguments));
        run(words.toArray(String[]::new)).succeeds();
    }

    Execution docker(String... words) {
        Execution execution = daemon.docker(words);
        transcript.add(List.of(words), execution);
        return execution;
    }

    /** Waits for an output: how often one has to look for it belongs to no transcript. */
    DockerSession awaits(String expected, String... words) {
        try {
            Eventually.isEqualWithin(
                    LIMIT,
                    String.join(" ", words),
                    expected + "\n",
                    () -> daemon.docker(words).output());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + daemon.docker(words) + " after " + transcript, e);
        }
        return this;
    }
}
