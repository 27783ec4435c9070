// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A signal by its number, 1 to 64.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
 */
public record Signal(int number) {

    /**
     * Bytes of a set of signals, as the kernel takes it: sigset_t of sigprocmask(2), whose wrapper has a larger one.
     */
    public static final int SET_SIZE = 8;

    /** Names without SIG; the index is the number minus one (the generic numbers: x86, arm). */
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    /** First and last real-time signal as programs see them: the C library keeps 32 and 33. */
    private static final int SIGRTMIN = 34;

    private static final int SIGRTMAX = 64;

    /** The highest number of a signal. */
    public static final int LAST = SIGRTMAX;

    public static final Signal KILL = new Signal(9);
    public static final Signal TERM = new Signal(15);
    public static final Signal PIPE = new Signal(13);
    public static final Signal CHLD = new Signal(17);

    public Signal {
        if (number < 1 || number > SIGRTMAX) {
            throw new IllegalArgumentException("a signal's number is 1 to 64, not " + number);
        }
    }

    /**
     * The signal that a user means by {@code text}: a number, or a name in any case with or without {@code SIG},
     * {@code RTMIN+n} and {@code RTMAX-n} among them. Empty if there is none.
     */
    public static Optional<Signal> parse(String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > 2 ? Optional.empty() : inRange(Integer.parseInt(text));
        }
        String upper = text.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        int index = NAMES.indexOf(name);
        if (index >= 0) {
            return Optional.of(new Signal(index + 1));
        }
        return switch (name) {
            case "IOT" -> Optional.of(new Signal(6));
            case "CLD" -> Optional.of(CHLD);
            case "POLL" -> Optional.of(new Signal(29));
            case "RTMIN" -> Optional.of(new Signal(SIGRTMIN));
            case "RTMAX" -> Optional.of(new Signal(SIGRTMAX));
            default -> realTime(name);
        };
    }

    private static Optional<Signal> realTime(String name) {
        if (!name.matches("(RTMIN\\+|RTMAX-)[0-9]{1,2}")) {
            return Optional.empty();
        }
        int offset = Integer.parseInt(name.substring(6));
        int number = name.startsWith("RTMIN") ? SIGRTMIN + offset : SIGRTMAX - offset;
        return number < SIGRTMIN ? Optional.empty() : inRange(number);
    }

    private static Optional<Signal> inRange(int number) {
        return number < 1 || number > SIGRTMAX ? Optional.empty() : Optional.of(new Signal(number));
    }

    /** As {@code equals(KILL)}, which a record has linked at run time. */
    public boolean isKill() {
        return number == KILL.number;
    }

    /** The name with SIG, such as {@code SIGTERM} or {@code SIGRTMIN+3}. */
    public String signalName() {
        if (number <= NAMES.size()) {
            return "SIG" + NAMES.get(number - 1);
        }
        return number < SIGRTMIN ? "SIG" + number : "SIGRTMIN+" + (number - SIGRTMIN);
    }
}
