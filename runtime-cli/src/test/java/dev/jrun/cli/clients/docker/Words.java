// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import java.util.stream.Stream;

/** The words of a command. */
final class Words {

    private Words() {}

    static String[] of(String[] first, String... more) {
        return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
    }
}
