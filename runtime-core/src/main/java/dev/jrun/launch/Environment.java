// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code process.env}, with room for {@code HOME} where it is missing: which it is is known only in the container. */
final class Environment {

    /** Longest home directory, in characters. */
    static final int MAX_HOME = 1024;

    private static final String HOME = "HOME=";

    private final List<String> entries;
    private final Address home;

    Environment(Assembler asm, List<String> entries) {
        this.entries = entries;
        this.home = needsHome(entries) ? asm.space(size()) : null;
    }

    private static boolean needsHome(List<String> entries) {
        return entries.stream().noneMatch(entry -> entry.startsWith(HOME) && entry.length() > HOME.length());
    }

    boolean needsHome() {
        return home != null;
    }

    /** Where the entry {@code HOME=…} is to be put, {@link #size()} bytes. */
    Address home() {
        return home;
    }

    static int size() {
        return HOME.length() + 4 * MAX_HOME + 1;
    }

    /** The bytes for {@link #home()}. */
    static byte[] homeEntry(String directory) {
        return (HOME + directory + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** The table for execve(2). */
    Address table(Assembler asm) {
        List<Address> places = new ArrayList<>();
        for (String entry : entries) {
            if (!needsHome() || !entry.equals(HOME)) {
                places.add(asm.string(entry));
            }
        }
        if (needsHome()) {
            places.add(home);
        }
        return asm.pointers(places);
    }
}
