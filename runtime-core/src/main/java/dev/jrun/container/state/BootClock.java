// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The clock by which the kernel tells this process when others started: field 22 of {@code /proc/PID/stat} is by the
 * boottime clock of the <em>reader's</em> time namespace, time_namespaces(7). Records use the clock of the first one,
 * so that they mean the same to everybody.
 *
 * @param ahead of that of the first time namespace, in clock ticks
 */
record BootClock(long ahead) {

    /** USER_HZ, {@code sysconf(_SC_CLK_TCK)}: the same on all machines. */
    private static final long TICKS_PER_SECOND = 100;

    private static final long NANOSECONDS_PER_TICK = 1_000_000_000 / TICKS_PER_SECOND;

    /**
     * 2^64 ns: the kernel adds without a sign, so whoever started before the zero of a clock that is behind seems to
     * start that much later.
     */
    private static final long WRAP = Long.divideUnsigned(-1L, NANOSECONDS_PER_TICK);

    private static final Path OFFSETS = Path.of("/proc/self/timens_offsets");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/time");
    private static final Path CHILDRENS = Path.of("/proc/self/ns/time_for_children");

    private static final String LINE = "boottime";

    /** No process of more than one thread can change its time namespace, setns(2). */
    private static volatile BootClock own;

    /** That of this process. It is asked for once. */
    static BootClock own() throws IOException {
        BootClock known = own;
        if (known == null) {
            known = read();
            own = known;
        }
        return known;
    }

    private static BootClock read() throws IOException {
        Optional<String> offsets = KernelFile.readIfPresent(OFFSETS);
        if (offsets.isEmpty()) {
            return new BootClock(0); // before Linux 5.6 there is one for all
        }
        if (!Files.isSameFile(NAMESPACE, CHILDRENS)) {
            throw new IOException(
                    OFFSETS + " is about the time namespace of this process's children, and that is another one");
        }
        return parse(offsets.get());
    }

    /** @param offsets the text of {@code /proc/PID/timens_offsets} */
    static BootClock parse(String offsets) throws IOException {
        for (String line : offsets.split("\n")) {
            String[] words = line.trim().split(" +");
            if (words.length == 3 && words[0].equals(LINE)) {
                return new BootClock(
                        Long.parseLong(words[1]) * TICKS_PER_SECOND + Long.parseLong(words[2]) / NANOSECONDS_PER_TICK);
            }
        }
        throw new IOException(OFFSETS + " says nothing of " + LINE);
    }

    /**
     * What it shows as {@code ticks}, by the clock of the first time namespace. This is one tick off for some processes
     * where the clocks differ by a part of a tick, or where the start was before this one's zero: the kernel rounds
     * after it has added.
     */
    long byFirst(long ticks) {
        long signed = ticks > WRAP / 2 ? ticks - WRAP : ticks;
        return signed - ahead;
    }
}
