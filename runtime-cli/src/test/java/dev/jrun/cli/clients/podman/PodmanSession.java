// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Podman used with one runtime, and what a user sees of that. */
record PodmanSession(Podman engine, String runtime, Transcript transcript) {

    PodmanSession(Podman engine, String runtime) {
        this(engine, runtime, new Transcript());
    }

    /** {@code podman run}, without a network. */
    Execution run(String... arguments) {
        return podman(withoutNetwork("run", arguments));
    }

    /** {@code podman run --rm IMAGE sh -c SCRIPT}, with options. */
    Execution script(String script, String... options) {
        List<String> words = new ArrayList<>(List.of("--rm"));
        words.addAll(List.of(options));
        words.addAll(List.of(Podman.IMAGE, "sh", "-c", script));
        return run(words.toArray(String[]::new));
    }

    static String[] withoutNetwork(String command, String... arguments) {
        List<String> words = new ArrayList<>(List.of(command, "--network=none"));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    Execution podman(String... arguments) {
        return noted(quietly(arguments), arguments);
    }

    /** What may differ. */
    Execution quietly(String... arguments) {
        return engine.call(runtime, arguments);
    }

    Execution podmanReading(Path input, String... arguments) {
        return noted(
                Execution.started(engine.command(runtime, arguments), input).await(), arguments);
    }

    private Execution noted(Execution execution, String... arguments) {
        transcript.add(List.of(arguments), execution);
        return execution;
    }

    /** What a shell takes. */
    String typed(String... arguments) {
        return String.join(" ", engine.command(runtime, arguments).command());
    }

    /** Waits until a command that ends with 0 prints this line. */
    PodmanSession awaits(String expected, String... arguments) {
        Eventually.isEqual(
                String.join(" ", arguments),
                expected + "\n",
                () -> quietly(arguments).output());
        return this;
    }

    String inspected(String format, String container) {
        return quietly("inspect", "--format", format, container)
                .succeeds()
                .output()
                .strip();
    }
}
