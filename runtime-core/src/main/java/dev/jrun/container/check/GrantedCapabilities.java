// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import dev.jrun.kernel.Capability;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Config;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The capabilities that a configuration asks for and that can be granted. "Runtimes SHOULD NOT fail if the container
 * configuration requests capabilities that cannot be granted", but warn: "Linux Process" of config.md.
 */
public final class GrantedCapabilities {

    private final long available;
    private final List<Problem> warnings;

    /**
     * @param available those of the caller, as a mask
     * @param warnings where to say what is left out
     */
    public GrantedCapabilities(long available, List<Problem> warnings) {
        this.available = available;
        this.warnings = warnings;
    }

    /**
     * The configuration without those that the caller does not have itself. In a user namespace of its own init has
     * all.
     */
    public Config limit(Config config) {
        Optional<Process> process = config.process();
        if (process.isEmpty()
                || process.get().capabilities().isEmpty()
                || config.linux().namespace(Namespace.Type.USER).isPresent()) {
            return config;
        }
        Capabilities asked = process.get().capabilities().get();
        Capabilities granted = new Capabilities(
                limit("bounding", asked.bounding()),
                limit("effective", asked.effective()),
                limit("inheritable", asked.inheritable()),
                limit("permitted", asked.permitted()),
                limit("ambient", asked.ambient()));
        return warnings.isEmpty() ? config : config.with(process.get().with(granted));
    }

    private Optional<List<String>> limit(String set, Optional<List<String>> names) {
        if (names.isEmpty()) {
            return names;
        }
        List<String> granted = new ArrayList<>(names.get().size());
        for (int i = 0; i < names.get().size(); i++) {
            String name = names.get().get(i);
            if (isAvailable(name)) {
                granted.add(name);
            } else {
                warnings.add(new Problem(
                        "/process/capabilities/" + set + "/" + i,
                        '"' + name + '"',
                        "left out: the caller does not have it",
                        Optional.empty()));
            }
        }
        return Optional.of(granted);
    }

    /** Of names that nobody knows others warn. */
    private boolean isAvailable(String name) {
        Optional<Capability> capability = Capability.named(name);
        return capability.isEmpty() || (available >>> capability.get().ordinal() & 1) != 0;
    }
}
