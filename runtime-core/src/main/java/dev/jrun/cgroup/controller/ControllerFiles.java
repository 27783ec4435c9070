// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.SubtreeControl;
import dev.jrun.cgroup.writing.FormerValue;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.cgroup.writing.WritingForGood;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of one controller in a container's cgroup, of the version of cgroups that has that controller. If a file
 * refuses a value, the error names the field of config.json that asked for it, the controller, the value, the file and
 * the reason.
 */
public final class ControllerFiles {
    private final String controller;
    private final Optional<Path> directory;
    private final boolean legacy;
    /** In place of a directory. */
    private final Optional<Path> callers;

    private final Writing writing;

    private ControllerFiles(
            String controller, Optional<Path> directory, boolean legacy, Optional<Path> callers, Writing writing) {
        this.controller = controller;
        this.directory = directory;
        this.legacy = legacy;
        this.callers = callers;
        this.writing = writing;
    }

    /** Of a controller that has the same name in both versions. */
    public static ControllerFiles of(Cgroup cgroup, String controller) {
        return of(cgroup, controller, controller);
    }

    /** Those of cgroup v1 if a hierarchy there has the controller, else those of cgroup v2. */
    public static ControllerFiles of(Cgroup cgroup, String legacyName, String unifiedName) {
        return of(cgroup, legacyName, unifiedName, WritingForGood.INSTANCE);
    }

    /** As {@link #of(Cgroup, String)}, to be written in this way. */
    static ControllerFiles of(Cgroup cgroup, String controller, Writing writing) {
        return of(cgroup, controller, controller, writing);
    }

    /** As {@link #of(Cgroup, String, String)}, to be written in this way. */
    static ControllerFiles of(Cgroup cgroup, String legacyName, String unifiedName, Writing writing) {
        Optional<Path> legacy = cgroup.paths().legacy(legacyName);
        Optional<Path> callers = cgroup.callers().legacy(legacyName);
        return legacy.isPresent() || callers.isPresent()
                ? new ControllerFiles(legacyName, legacy, true, callers, writing)
                : ofUnified(cgroup, unifiedName, writing);
    }

    /** Those of cgroup v2. */
    static ControllerFiles ofUnified(Cgroup cgroup, String controller) {
        return ofUnified(cgroup, controller, WritingForGood.INSTANCE);
    }

    /** As {@link #ofUnified(Cgroup, String)}, to be written in this way. */
    static ControllerFiles ofUnified(Cgroup cgroup, String controller, Writing writing) {
        return new ControllerFiles(
                controller, cgroup.paths().unified(), false, cgroup.callers().unified(), writing);
    }

    /** Whether they are those of cgroup v1. */
    boolean areLegacy() {
        return legacy;
    }

    /** Whether there is such a file, or it cannot be found out: then whoever uses it hears why. */
    public boolean have(String name) {
        return directory.isPresent() && !Files.notExists(directory.get().resolve(name));
    }

    /**
     * What is in a file, without white space at its ends.
     *
     * @param pointer of the field that needs it
     */
    String read(String name, String pointer) throws CgroupException {
        CgroupFile file = file(name, pointer);
        try {
            return readWhereHandedDown(file);
        } catch (CgroupException error) {
            throw refusal(name, error, pointer, "");
        }
    }

    /** The value of a key in a file of lines {@code key value}; empty if there is no such file. */
    Optional<String> readKey(String name, String key) throws CgroupException {
        return directory.isEmpty() ? Optional.empty() : new CgroupFile(directory.get(), name).readKey(key);
    }

    /** What is in a file, without white space at its ends; empty if there is no such file, or the cgroup is gone. */
    Optional<String> readIfPresent(String name) throws CgroupException {
        return directory.isEmpty() ? Optional.empty() : new CgroupFile(directory.get(), name).readIfPresent();
    }

    /** Likewise; empty also if the kernel says of the file that it does not do that (EOPNOTSUPP). */
    Optional<String> readUnlessUnsupported(String name) throws CgroupException {
        try {
            return readIfPresent(name);
        } catch (CgroupException error) {
            if (error.getCause() instanceof IOException cause && Failures.is(cause, Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            throw error;
        }
    }

    /** The number in a file; empty if there is none. */
    OptionalLong number(String name) throws CgroupException {
        Optional<String> text = readIfPresent(name);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(parse(name, text.get()));
    }

    /** The limit in a file; empty if there is none. */
    OptionalLong limit(String name) throws CgroupException {
        Optional<String> text = readIfPresent(name);
        return text.isEmpty() || text.get().equals("max")
                ? OptionalLong.empty()
                : OptionalLong.of(parse(name, text.get()));
    }

    /**
     * The numbers in a file of lines {@code key value}, by their keys, in their order; none if there is no such file.
     */
    Map<String, Long> numbers(String name) throws CgroupException {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (String line : lines(name)) {
            int space = line.indexOf(' ');
            if (space < 0) {
                throw malformed(name, line);
            }
            numbers.put(line.substring(0, space), parse(name, line.substring(space + 1)));
        }
        return numbers;
    }

    /** The lines of a file; none if there is no such file. */
    List<String> lines(String name) throws CgroupException {
        Optional<String> text = readIfPresent(name);
        return text.isEmpty() || text.get().isEmpty()
                ? List.of()
                : Arrays.asList(text.get().split("\n"));
    }

    /** A number of a file. */
    long parse(String name, String text) throws CgroupException {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException other) {
            throw malformed(name, text);
        }
    }

    /** An error about what is in a file. */
    CgroupException malformed(String name, String found) {
        return new CgroupException("%s controller: %s has \"%s\", which is not what the kernel's documentation says"
                .formatted(controller, directory.orElseThrow().resolve(name), found));
    }

    /**
     * Writes to a file.
     *
     * @param pointer of the field that the value comes from
     */
    void write(String name, String value, String pointer) throws CgroupException {
        write(name, value, pointer, "");
    }

    /**
     * Writes to a file.
     *
     * @param pointer of the field that the value comes from
     * @param rule what the kernel takes, to be told if it refuses the value; may be empty
     * @param related files on whose contents it depends what the kernel takes, to be shown then
     */
    void write(String name, String value, String pointer, String rule, String... related) throws CgroupException {
        write(name, FormerValue.WHOLE, value, pointer, rule, related);
    }

    /**
     * Writes to a file of which a value is only a part.
     *
     * @param former how that part is found in it
     */
    void write(String name, FormerValue former, String value, String pointer, String rule, String... related)
            throws CgroupException {
        CgroupFile file = file(name, pointer);
        try {
            writeWhereHandedDown(file, value, former);
        } catch (CgroupException error) {
            throw refusal(name, error, pointer, rule, related);
        }
    }

    private String readWhereHandedDown(CgroupFile file) throws CgroupException {
        try {
            return file.read();
        } catch (CgroupException error) {
            handDownIfMissing(error);
            return file.read();
        }
    }

    private void writeWhereHandedDown(CgroupFile file, String value, FormerValue former) throws CgroupException {
        try {
            writing.write(file, value, former);
        } catch (CgroupException error) {
            handDownIfMissing(error);
            writing.write(file, value, former);
        }
    }

    /**
     * Beside hierarchies of cgroup v1, controllers of v2 are handed down no sooner than a file of theirs is missing.
     * That is not taken back: other cgroups there may have limits by then, which they would lose.
     */
    private void handDownIfMissing(CgroupException error) throws CgroupException {
        if (legacy || !isMissing(error)) {
            throw error;
        }
        handDown(directory.orElseThrow().getParent());
    }

    private void handDown(Path above) throws CgroupException {
        if (isUnifiedCgroup(above)) {
            handDown(above.getParent());
            new SubtreeControl(above).handDown(controller);
        }
    }

    private static boolean isMissing(CgroupException error) {
        return error.getCause() instanceof NoSuchFileException;
    }

    /** An error about a field. */
    CgroupException failure(String pointer, String message) {
        return CgroupException.ofField(pointer, controller + " controller: " + message);
    }

    private CgroupFile file(String name, String pointer) throws CgroupException {
        if (directory.isEmpty()) {
            if (callers.isPresent()) {
                throw failure(
                        pointer,
                        "cannot be kept: the caller may not make a cgroup for the container, or wants none"
                                + " (--cgroup-manager disabled), so it stays in the caller's (" + callers.get() + ")");
            }
            throw failure(pointer, "neither a hierarchy of cgroup v1 with it nor cgroup v2 is mounted");
        }
        return new CgroupFile(directory.get(), name);
    }

    private CgroupException refusal(String name, CgroupException error, String pointer, String rule, String... related)
            throws CgroupException {
        if (!error.pointer().isEmpty()) {
            return error;
        }
        StringBuilder message = new StringBuilder(controller + " controller: " + error.getMessage());
        if (isMissing(error)) {
            message.append("; ").append(whyMissing(name));
        } else {
            if (!rule.isEmpty()) {
                message.append("; ").append(rule);
            }
            for (String other : related) {
                Optional<String> value = file(other, pointer).readIfPresent();
                value.ifPresent(text ->
                        message.append("; ").append(other).append(" is ").append(text));
            }
        }
        return CgroupException.ofField(pointer, message.toString(), error);
    }

    /** On cgroup v2 a cgroup has the files of a controller only if all those above it hand the controller down. */
    private String whyMissing(String name) throws CgroupException {
        Path own = directory.orElseThrow();
        if (legacy || hasController(own)) {
            return "this kernel has no " + name;
        }
        for (Path above = own.getParent(); isUnifiedCgroup(above); above = above.getParent()) {
            if (hasController(above)) {
                return above + " does not hand the controller down (cgroup.subtree_control);"
                        + " no process may be in a cgroup that does, unless it is the root";
            }
        }
        return "cgroup v2 does not have the controller here, and no hierarchy of cgroup v1 with it is mounted";
    }

    private boolean hasController(Path cgroup) throws CgroupException {
        return isUnifiedCgroup(cgroup)
                && new CgroupFile(cgroup, "cgroup.controllers").readWords().contains(controller);
    }

    private static boolean isUnifiedCgroup(Path directory) {
        return directory != null && Files.exists(directory.resolve("cgroup.controllers"));
    }
}
