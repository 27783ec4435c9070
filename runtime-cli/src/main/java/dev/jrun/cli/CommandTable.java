// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import java.util.List;
import java.util.Optional;

/** All commands by name. A command's classes are not loaded before it is asked for. */
final class CommandTable {

    /** In the order of a container's life, then what is not about one container. */
    static final List<String> NAMES = List.of("spec", "features", "engine");

    private CommandTable() {}

    static Optional<Command> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "spec" -> new SpecCommand();
                    case "features" -> new FeaturesCommand();
                    case "engine" -> new EngineCommand();
                    default -> null;
                });
    }
}
