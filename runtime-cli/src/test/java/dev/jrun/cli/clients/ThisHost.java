// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import dev.jrun.cli.testing.host.Programs;
import java.util.List;

/** The machine that the tests run on, with the versions that its release has. */
public record ThisHost() implements Machine {

    /** With these programs; the test is skipped if one is not installed. */
    public static ThisHost with(String... programs) {
        Programs.needContainers();
        Programs.need(programs);
        return new ThisHost();
    }

    @Override
    public ProcessBuilder command(List<String> words) {
        return new ProcessBuilder(words);
    }

    @Override
    public void close() {}
}
