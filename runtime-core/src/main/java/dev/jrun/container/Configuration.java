// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Capability;
import dev.jrun.launch.BundleProgram;
import dev.jrun.spec.Capabilities;
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
     * A configuration that can be run.
     *
     * @param warnings what of it will not be as its author may expect, a line each
     */
    record Checked(Config config, List<String> warnings) {}

    /**
     * The configuration of a container.
     *
     * @throws ContainerException with every problem that it has, a line each
     */
    static Checked check(byte[] document) throws ContainerException {
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
        Config config = reading.value().orElseThrow();
        return new Checked(config, warnings(reading.warnings(), config));
    }

    private static List<String> warnings(List<Problem> found, Config config) {
        List<Problem> warnings = new ArrayList<>(found);
        if (config.process().isPresent()
                && config.process().get().capabilities().isPresent()) {
            Capabilities capabilities = config.process().get().capabilities().get();
            addUnknown(warnings, "bounding", capabilities.bounding());
            addUnknown(warnings, "effective", capabilities.effective());
            addUnknown(warnings, "inheritable", capabilities.inheritable());
            addUnknown(warnings, "permitted", capabilities.permitted());
            addUnknown(warnings, "ambient", capabilities.ambient());
        }
        List<String> lines = new ArrayList<>();
        for (Problem warning : warnings) {
            lines.add(warning.in("config.json"));
        }
        return lines;
    }

    /** "If any value cannot be mapped …, the runtime MUST log a warning": process.capabilities of config.md. */
    private static void addUnknown(List<Problem> warnings, String set, Optional<List<String>> names) {
        List<String> list = names.orElse(List.of());
        for (int i = 0; i < list.size(); i++) {
            if (Capability.named(list.get(i)).isEmpty()) {
                warnings.add(new Problem(
                        "/process/capabilities/" + set + "/" + i,
                        "\"" + list.get(i) + "\"",
                        "jrun knows no such capability and leaves it out",
                        Optional.empty()));
            }
        }
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
