// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.HiddenProcesses;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process, proc_pid_stat(5).
 *
 * @param state a letter, of the main thread; with Z or X that one has ended
 * @param flags the kernel's PF_ flags
 * @param threads how many there are; a main thread that has ended counts until all have
 * @param startTime clock ticks after boot, by the clock of the first time namespace; with the pid it names one process
 *     for ever
 */
record ProcessStat(char state, long flags, long threads, long startTime) {

    /** "Forked but did not exec", {@code linux/sched.h}: no execve(2) has succeeded since the process was made. */
    private static final long PF_FORKNOEXEC = 0x40;

    /** Where it is missing, the absence of another says nothing. */
    private static final Path OWN = Path.of("/proc/self/stat");

    private static final String HIDDEN = "the procfs at /proc hides other users' processes: hidepid";

    private static final int STATE = 0;
    private static final int FLAGS = 6;
    private static final int THREADS = 17;
    private static final int START_TIME = 19;

    /**
     * The process with this pid; empty if there is none.
     *
     * @throws ContainerException if that cannot be found out
     */
    static Optional<ProcessStat> read(long pid) throws ContainerException {
        Path file = Path.of("/proc/" + pid + "/stat");
        try {
            Optional<String> text = KernelFile.readIfPresent(file);
            if (text.isPresent()) {
                return Optional.of(parse(text.get(), BootClock.own()));
            }
        } catch (IOException e) {
            boolean hidden = Failures.is(e, Errno.EPERM) && HiddenProcesses.areSome();
            throw unknown(pid, file + ": " + Failures.reason(e) + (hidden ? " (" + HIDDEN + ")" : ""), e);
        }
        if (!Files.exists(OWN)) {
            throw unknown(pid, "there is no procfs of this pid namespace at /proc", null);
        }
        if (mayBeHidden(pid)) {
            throw unknown(pid, HIDDEN, null);
        }
        return Optional.empty();
    }

    private static boolean mayBeHidden(long pid) throws ContainerException {
        try {
            return HiddenProcesses.mayBe(pid);
        } catch (IOException e) {
            throw unknown(pid, Failures.describe(e), e);
        }
    }

    private static ContainerException unknown(long pid, String why, IOException cause) {
        return new ContainerException("cannot find out whether process " + pid + " is alive: " + why, cause);
    }

    /**
     * The command's name, second and in parentheses, may hold anything, so fields are counted from its end.
     *
     * @param clock the reader's
     */
    static ProcessStat parse(String text, BootClock clock) {
        String[] fields = text.substring(text.lastIndexOf(')') + 2).trim().split(" ");
        return new ProcessStat(
                fields[STATE].charAt(0),
                Long.parseLong(fields[FLAGS]),
                Long.parseLong(fields[THREADS]),
                clock.byFirst(Long.parseLong(fields[START_TIME])));
    }

    /**
     * Not as long as any thread lives: a program may end its main thread with _exit(2) as the kernel has it, and go on
     * in others.
     */
    boolean isDead() {
        return (state == 'Z' || state == 'X' || state == 'x') && threads <= 1;
    }

    /** Whether it still is what its parent forked, and not an executable. */
    boolean hasNotExecuted() {
        return (flags & PF_FORKNOEXEC) != 0;
    }
}
