// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes to cgroups that are in use, and remembers what was there before each step. Steps are taken back in the opposite order. So
 * the cgroup is at each moment as it was at one before, which the kernel has allowed: no order has to be known in which
 * limits that depend on each other can be changed.
 */
public final class RevocableWriting implements Writing {

    private final List<Step> steps = new ArrayList<>();

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
        file.write(value);
        if (before.isPresent()) {
            steps.add(new WrittenValue(file, former.in(before.get())));
        }
    }

    /** Remembers what was done otherwise. */
    public void add(Step step) {
        steps.add(step);
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
                : Optional.of("what was there before cannot be put back: " + String.join("; ", problems));
    }

    /** Nothing is kept of what can only be written, such as {@code memory.reclaim}: it is something that is done. */
    private static Optional<String> read(CgroupFile file) throws CgroupException {
        try {
            return Optional.of(file.read());
        } catch (CgroupException e) {
            if (e.getCause() instanceof IOException refused
                    && Failures.is(refused, Errno.EACCES)
                    && isNeverRead(file)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isNeverRead(CgroupFile file) throws CgroupException {
        try {
            return !Files.getPosixFilePermissions(file.path()).contains(PosixFilePermission.OWNER_READ);
        } catch (IOException e) {
            throw new CgroupException("stat " + file.path() + ": " + Failures.reason(e), e);
        }
    }

    private record WrittenValue(CgroupFile file, String before) implements Step {
        @Override
        public void undo() throws CgroupException {
            file.write(before);
        }
    }
}
