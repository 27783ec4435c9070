// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.BlkioStatistics.Entry;
import dev.jrun.cgroup.statistics.BlkioStatistics.Scheduling;
import dev.jrun.cgroup.statistics.CpuStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics.Amount;
import dev.jrun.cgroup.statistics.PidsStatistics;
import dev.jrun.cgroup.statistics.Pressure;
import dev.jrun.cgroup.statistics.Pressure.Stall;
import dev.jrun.cgroup.statistics.Pressures;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.container.Consumption;
import dev.jrun.container.lifecycle.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UseTableTest {

    private static final long SECOND = 1_000_000_000;
    private static final Optional<Pressure> PRESSURE =
            Optional.of(new Pressure(new Stall(12.34, 0, 0, 5), Optional.empty()));

    private static final Statistics BUSY = new Statistics(
            Optional.of(new CpuStatistics(4 * SECOND, 3 * SECOND, SECOND, List.of(), Optional.empty())),
            Optional.empty(),
            Optional.of(new MemoryStatistics(
                    0,
                    new Amount(3 << 20, OptionalLong.empty(), OptionalLong.of(64 << 20), OptionalLong.empty()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("inactive_file", 1L << 20))),
            Optional.of(new PidsStatistics(7, OptionalLong.empty())),
            Optional.of(new BlkioStatistics(
                    List.of(
                            new Entry(8, 0, "Read", 8192),
                            new Entry(8, 16, "Read", 4096),
                            new Entry(8, 0, "Write", 100),
                            new Entry(8, 0, "Total", 9999)),
                    List.of(),
                    Scheduling.NONE)),
            Map.of(),
            new Pressures(PRESSURE, PRESSURE, Optional.empty()));

    private static Use busy(String id) {
        return new Use(
                Consumption.of(id, Status.RUNNING, 7, 3 * SECOND, BUSY),
                Optional.of(new Sample(id, 7, SECOND, SECOND, 2048, 100)));
    }

    private static Use unknown(String id) {
        return new Use(Consumption.of(id, Status.PAUSED, 7, 3 * SECOND, Statistics.NONE), Optional.empty());
    }

    @Test
    void ratesAreOfWhatCameSinceTheLastLook() {
        assertEquals(
                List.of(
                        "ID           CPU %  MEMORY / LIMIT     PIDS / LIMIT  READ/s   WRITE/s  STALL % CPU MEM I/O",
                        "c1           150.0  2.00MiB / 64.0MiB  7 / -         5.00KiB  0B       12.3 12.3 -",
                        "c2 (paused)  -      - / -              - / -         -        -        - - -"),
                UseTable.lines(List.of(busy("c1"), unknown("c2")), 0));
    }

    @Test
    void aNarrowTerminalHasFewerColumnsAndThenShorterIds() {
        String id = "0123456789abcdef0123456789abcdef";
        for (int width = 34; width < 130; width++) {
            for (String line : UseTable.lines(List.of(busy(id), unknown("c2")), width)) {
                assertTrue(line.length() <= Math.max(width, 40), width + ": " + line);
            }
        }
        assertTrue(UseTable.lines(List.of(busy(id)), 80).getFirst().contains("WRITE/s"));
        assertTrue(UseTable.lines(List.of(busy(id)), 80).get(1).matches("0123456789.*… .*"));
        assertTrue(UseTable.lines(List.of(busy(id)), 130).get(1).startsWith(id + " "));
        assertTrue(UseTable.lines(List.of(unknown(id)), 60).get(1).matches("01.*… \\(paused\\) .*"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "1023, 1023B",
        "1024, 1.00KiB",
        "10240, 10.0KiB",
        "102400, 100KiB",
        "1048575, 1024KiB",
        "1048576, 1.00MiB",
        "9223372036854775807, 8.00EiB"
    })
    void amountsHaveThreeDigits(long bytes, String text) {
        assertEquals(text, UseTable.amount(bytes));
    }

    @Test
    void jsonSaysTheSame() {
        assertEquals("""
                {"id":"c1","status":"running","cpuPercent":150,"memory":{"used":2097152,"limit":67108864},\
                "pids":{"current":7,"limit":null},\
                "io":{"readPerSecond":5120,"writtenPerSecond":0,"read":12288,"written":100},\
                "stalledPercent":{"cpu":12.34,"memory":12.34,"io":null}}
                """, UseDocument.line(busy("c1")));
    }
}
