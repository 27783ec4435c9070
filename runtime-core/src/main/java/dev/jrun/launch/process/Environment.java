// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code process.env}, with room for a missing {@code HOME}, whose value is known only in the container. */
public final class Environment {

    /** Longest home directory, in characters. */
    static final int MAX_HOME = 1024;

    private static final String HOME = "HOME=";

    private final List<String> entries;
    private final Address home;

    /**
     * @param entries each with a name; of several with the same name the last counts, as it does for runc and for
     *     shells
     */
    public Environment(Assembler asm, List<String> entries) {
        this.entries = lastOfEachName(entries);
        this.home = needsHome(this.entries) ? asm.space(size()) : null;
    }

    private static List<String> lastOfEachName(List<String> entries) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String entry : entries) {
            String name = entry.substring(0, entry.indexOf('='));
            byName.remove(name);
            byName.put(name, entry);
        }
        return List.copyOf(byName.values());
    }

    /** An empty one is as good as none. */
    private static boolean needsHome(List<String> entries) {
        for (String entry : entries) {
            if (entry.startsWith(HOME)) {
                return entry.equals(HOME);
            }
        }
        return true;
    }

    public boolean needsHome() {
        return home != null;
    }

    /** Those that are known before the program runs. */
    public List<String> entries() {
        List<String> known = new ArrayList<>(entries);
        if (needsHome()) {
            known.remove(HOME);
        }
        return known;
    }

    /** Where the entry {@code HOME=…} is to be put, {@link #size()} bytes. */
    public Address home() {
        return home;
    }

    public static int size() {
        return HOME.length() + 4 * MAX_HOME + 1;
    }

    /** The bytes for {@link #home()}. */
    public static byte[] homeEntry(String directory) {
        return (HOME + directory + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** The table for execve(2). */
    public Address table(Assembler asm) {
        List<Address> places = new ArrayList<>();
        for (String entry : entries()) {
            places.add(asm.string(entry));
        }
        if (needsHome()) {
            places.add(home);
        }
        return asm.pointers(places);
    }
}
