// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.launch.BundleProgram;
import dev.jrun.spec.Config;
import dev.jrun.spec.ConfigReader;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.NotYetImplemented;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes sure that a config.json can be run as it is, before anything is done for it. */
final class Configuration {

    private Configuration() {}

    /**
     * The configuration of a container.
     *
     * @throws ContainerException with every problem that it has, a line each
     */
    static Config check(byte[] document) throws ContainerException {
        if (document.length > BundleProgram.MAX_CONFIG) {
            throw new ContainerException(
                    "config.json: longer than the " + (BundleProgram.MAX_CONFIG >> 20) + " MiB that are allowed");
        }
        Reading<Config> reading = ConfigReader.readToRun(document);
        List<Problem> problems = new ArrayList<>(reading.problems());
        reading.value().ifPresent(config -> {
            problems.addAll(NotYetImplemented.in(config));
            problems.addAll(withoutMountNamespace(config));
        });
        if (!problems.isEmpty()) {
            throw new ContainerException(describe(problems));
        }
        return reading.value().orElseThrow();
    }

    /** Without a mount namespace of its own, what is mounted for the container would be mounted on the host. */
    private static List<Problem> withoutMountNamespace(Config config) {
        return config.linux().namespace(Namespace.Type.MOUNT).isPresent()
                ? List.of()
                : List.of(new Problem(
                        "/linux/namespaces",
                        "",
                        "a container needs a mount namespace of its own: add {\"type\": \"mount\"}",
                        Optional.empty()));
    }

    private static String describe(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(problem.in("config.json"));
        }
        return text.toString();
    }
}
