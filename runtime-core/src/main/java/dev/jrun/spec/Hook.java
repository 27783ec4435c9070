// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A program to run at a moment of the container's life.
 *
 * @param path absolute
 * @param args argv, the first element included; empty: only the path
 * @param env entries {@code NAME=value}; empty: those of whoever runs it
 * @param timeout seconds after which it is killed, greater than 0
 */
public record Hook(String path, List<String> args, Optional<List<String>> env, OptionalLong timeout) {
    public Hook {
        args = List.copyOf(args);
        env = env.map(List::copyOf);
    }
}
