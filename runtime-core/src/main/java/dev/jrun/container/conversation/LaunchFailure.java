// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import dev.jrun.json.Printable;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.hook.HookEnd;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Explains in a user's words what failed in a launch program. */
public final class LaunchFailure {

    /** The field that says which program is executed. */
    public static final String EXECUTABLE = "/process/args/0";

    private LaunchFailure() {}

    /** The failure of an instruction that is about {@code step}. */
    static String describe(Source step, int errno) {
        return step + ": " + meaning(errno);
    }

    /**
     * The failure of an instruction.
     *
     * @param step what the instruction is about
     * @param errno its error, or how a hook ended, {@link HookEnd}
     * @param diagnosis the kernel's own words about it, fsopen(2), or the hook's last ones; may be empty
     */
    public static String describe(String step, long errno, byte[] diagnosis) {
        if (HookEnd.is(errno)) {
            return describeHook(step, errno, diagnosis);
        }
        String reason = meaning(errno);
        String words = kernelWords(diagnosis);
        return words.isEmpty() ? step + ": " + reason : step + ": " + words + " (" + reason + ")";
    }

    /** Whether a step is part of running hooks. */
    public static boolean isOfHook(String step) {
        return step.startsWith("config.json#/hooks/");
    }

    /** Whether a step is the execution of the container's program. */
    public static boolean isOfExecutable(String step) {
        return step.startsWith("config.json#" + EXECUTABLE);
    }

    private static String describeHook(String step, long errno, byte[] lastWords) {
        String words = new String(lastWords, StandardCharsets.UTF_8).strip();
        return step + ": " + HookEnd.describe(errno) + (words.isEmpty() ? "" : ": " + indented(words));
    }

    /** Further lines cannot be taken for the runtime's: a startContainer hook is the image's. */
    private static String indented(String words) {
        return words.lines().map(Printable::of).collect(Collectors.joining("\n  "));
    }

    /** EXFULL is the shim's own, docs/launch-programs.md. */
    private static String meaning(long errno) {
        return errno == Errno.EXFULL.number() ? "too many steps (limit: 50,000,000)" : Errno.meaning(errno);
    }

    /**
     * Messages of a file system context repeat what the document says, and begin with a letter for their weight:
     * {@code e}, {@code w} or {@code i}.
     */
    private static String kernelWords(byte[] diagnosis) {
        String text = new String(diagnosis, StandardCharsets.UTF_8).strip();
        return Printable.of(text.length() > 2 && text.charAt(1) == ' ' ? text.substring(2) : text);
    }

    /**
     * The end of an init that did not say what failed.
     *
     * @param oomKills how many processes the kernel killed to keep the container's memory limit
     */
    public static String describeLoss(WaitStatus status, long oomKills) {
        int signal = status.signal();
        String end = signal == 0 ? "exit code " + status.exitCode() : new Signal(signal).signalName();
        return "init ended before the container was ready: " + end
                + (signal == Signal.KILL.number() ? whyKilled(oomKills) : "");
    }

    private static String whyKilled(long oomKills) {
        return oomKills > 0
                ? " (out of memory: config.json#/linux/resources/memory/limit is too low for it)"
                : " (killed from outside, or out of memory)";
    }
}
