// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of one controller in a container's cgroup, of the version of cgroups that has that controller. Whatever they
 * refuse is an error that names the field of config.json that asked for it, the controller, the value, the file and the
 * reason.
 */
public final class ControllerFiles {
    private final String controller;
    private final Optional<Path> directory;
    private final boolean legacy;
    /** In place of a directory. */
    private final Optional<Path> callers;

    private ControllerFiles(String controller, Optional<Path> directory, boolean legacy, Optional<Path> callers) {
        this.controller = controller;
        this.directory = directory;
        this.legacy = legacy;
        this.callers = callers;
    }

    /** Of a controller that has the same name in both versions. */
    public static ControllerFiles of(Cgroup cgroup, String controller) {
        return of(cgroup, controller, controller);
    }

    /** Those of cgroup v1 if a hierarchy there has the controller, else those of cgroup v2. */
    public static ControllerFiles of(Cgroup cgroup, String legacyName, String unifiedName) {
        Optional<Path> legacy = cgroup.paths().legacy(legacyName);
        Optional<Path> callers = cgroup.callers().legacy(legacyName);
        return legacy.isPresent() || callers.isPresent()
                ? new ControllerFiles(legacyName, legacy, true, callers)
                : new ControllerFiles(
                        unifiedName,
                        cgroup.paths().unified(),
                        false,
                        cgroup.callers().unified());
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
        try {
            return file(name, pointer).read();
        } catch (CgroupException error) {
            throw refusal(name, error, pointer, "");
        }
    }

    /** The value of a key in a file of lines {@code key value}; empty if there is no such file. */
    Optional<String> readKey(String name, String key) throws CgroupException {
        return directory.isEmpty() ? Optional.empty() : new CgroupFile(directory.get(), name).readKey(key);
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
        try {
            file(name, pointer).write(value);
        } catch (CgroupException error) {
            throw refusal(name, error, pointer, rule, related);
        }
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
                        "cannot be kept: the caller may not make a cgroup for the container, which therefore stays in the"
                                + " caller's (" + callers.get() + ")");
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
        if (error.getCause() instanceof NoSuchFileException) {
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
