// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes to cgroups that are in use, and remembers what was there before each step. Steps are taken back in the
 * opposite order. So the cgroup is at each moment as it was at one before, which the kernel has allowed: no order has
 * to be known in which limits that depend on each other can be changed.
 */
public final class RevocableWriting implements Writing {

    private final Journal journal;
    private final List<Step> steps = new ArrayList<>();

    public RevocableWriting() {
        this(Journal.NONE);
    }

    /** @param journal of each step before it is taken */
    public RevocableWriting(Journal journal) {
        this.journal = journal;
    }

    /** What was done. */
    public interface Step {
        /** @throws CgroupException if it cannot be undone; it says what stays */
        void undo() throws CgroupException;

        /** Gives up what is kept to undo it. */
        default void keep() {}
    }

    @Override
    public void write(CgroupFile file, String value, FormerValue former) throws CgroupException {
        Optional<String> before = read(file);
        if (before.isEmpty()) {
            file.write(value);
            return;
        }
        String back = former.in(before.get());
        journal.note(file.path(), back);
        file.write(value);
        steps.add(new WrittenValue(file, back));
    }

    /** Where it is kept what is about to be done otherwise. */
    public Journal journal() {
        return journal;
    }

    /** Remembers what was done otherwise. */
    public void add(Step step) {
        steps.add(step);
    }

    /**
     * Takes one step back that is known from a journal.
     *
     * @throws CgroupException if the kernel does not take it
     */
    public static void putBack(Path file, String value) throws CgroupException {
        new CgroupFile(file).write(value);
    }

    /** Lets all be as it is by now. */
    public void keep() {
        for (Step step : steps) {
            step.keep();
        }
        steps.clear();
    }

    /**
     * Takes all back.
     *
     * @return what has failed, and what could not be taken back
     */
    public CgroupException takeBack(CgroupException failure) {
        Optional<String> problems = takeBack();
        return problems.isPresent() ? failure.and(problems.get()) : failure;
    }

    /**
     * Takes all back.
     *
     * @return what could not be taken back
     */
    public Optional<String> takeBack() {
        List<String> problems = new ArrayList<>();
        for (Step step : steps.reversed()) {
            try {
                step.undo();
            } catch (CgroupException e) {
                problems.add(e.getMessage());
            }
        }
        steps.clear();
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of("the values before cannot be restored: " + String.join("; ", problems));
    }

    /**
     * Nothing is kept of what can only be written, such as {@code memory.reclaim}: it is something that is done. Root
     * may open it for reading all the same, and the kernel then has no answer (EINVAL).
     */
    private static Optional<String> read(CgroupFile file) throws CgroupException {
        return isNeverRead(file) ? Optional.empty() : Optional.of(file.read());
    }

    private static boolean isNeverRead(CgroupFile file) {
        try {
            return !Files.getPosixFilePermissions(file.path()).contains(PosixFilePermission.OWNER_READ);
        } catch (IOException e) {
            // To read it fails as well, most likely as it is not there, and says so.
            return false;
        }
    }

    private record WrittenValue(CgroupFile file, String before) implements Step {
        @Override
        public void undo() throws CgroupException {
            file.write(before);
        }
    }
}
