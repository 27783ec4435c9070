// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.LoopDisk;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the limits of {@code linux.resources} do to those who go up to them. On cgroup v2 where that is all that the
 * host has, as in the machine that {@code scripts/test-in-vm} boots, else on cgroup v1.
 */
class ResourcesInActionIT extends RealContainers {

    private static final boolean UNIFIED = HostView.isUnifiedOnly();
    private static final long HUGE_PAGE = 2 << 20;
    private static final Duration CROWD_LIMIT = Duration.ofMinutes(3);

    /** A file of the container's cgroup, as it sees it. */
    private static String inside(String controller, String file) {
        return UNIFIED ? "/sys/fs/cgroup/" + file : "/sys/fs/cgroup/" + controller + "/" + file;
    }

    private Path outside(String id, String controller, String file) {
        Path hierarchy = UNIFIED ? view().cgroups() : view().cgroups().resolve(controller);
        return hierarchy.resolve(id).resolve(file);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> counters(Stream<String> lines) {
        Map<String, Long> counters = new HashMap<>();
        lines.map(line -> line.split(" ")).forEach(line -> counters.put(line[0], Long.parseLong(line[1])));
        return counters;
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    private String start(Bundle bundle) {
        return sandbox.run(jrun, bundle);
    }

    /** Only whole periods count: how much a process gets of a processor is up to others, too. */
    @Test
    void theQuotaIsWhatIsGotInAPeriod() {
        String stat = inside("cpu", "cpu.stat");
        String usage = UNIFIED
                ? "grep usage_usec " + stat
                : "echo usage_usec $(($(cat " + inside("cpuacct", "cpuacct.usage") + ") / 1000))";
        Bundle bundle = sandbox.bundle()
                .withResources("{\"cpu\": {\"quota\": 20000, \"period\": 100000}}")
                .runsScript("while i=0; do while [ $i -lt 5000 ]; do i=$((i + 1)); done;"
                        + " set -- $(grep nr_throttled " + stat + "); [ $2 -lt 10 ] || break; done;"
                        + " grep nr_throttled " + stat + "; " + usage + "; grep nr_periods " + stat);

        Map<String, Long> counters = counters(run(bundle).succeeds().lines().stream());

        long used = counters.get("usage_usec");
        assertTrue(used >= counters.get("nr_throttled") * 20_000 * 0.9, counters::toString);
        assertTrue(used <= (counters.get("nr_periods") + 1) * 20_000 * 1.1, counters::toString);
    }

    @Test
    void whatIsLeftOfTheQuotaIsSavedForABurst() {
        String stat = inside("cpu", "cpu.stat");
        Programs.skipUnless(
                Files.exists(Path.of("/sys/fs/cgroup/cpu/cpu.cfs_burst_us")) || UNIFIED, "this kernel knows no burst");
        Bundle bundle = sandbox.bundle()
                .withResources("{\"cpu\": {\"quota\": 20000, \"period\": 100000, \"burst\": 20000}}")
                .runsScript("while grep -qx 'nr_bursts 0' " + stat + "; do sleep 0.3;"
                        + " i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; done; grep nr_bursts " + stat);

        assertTrue(counters(run(bundle).succeeds().lines().stream()).get("nr_bursts") > 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"cpu": {"cpus": "0", "idle": 1}}
            {"cpu": {"cpus": "0", "shares": 64}}
            """)
    void whoCountsForLessGetsLessOfAProcessor(String less) {
        String busy = "while :; do :; done";
        String small = start(sandbox.bundle().withResources(less).runsScript(busy));
        String large = start(sandbox.bundle()
                .withResources("{\"cpu\": {\"cpus\": \"0\", \"shares\": 2048}}")
                .runsScript(busy));
        long smallBefore = processorTime(small);
        long largeBefore = processorTime(large);

        Eventually.isTrue("one has a second of the processor", () -> processorTime(large) - largeBefore > 1_000_000);

        long got = processorTime(small) - smallBefore;
        assertTrue(got < 250_000, got + " µs");
    }

    /** In µs. */
    private long processorTime(String id) {
        return UNIFIED
                ? counters(read(outside(id, "cpu", "cpu.stat")).lines()).get("usage_usec")
                : Long.parseLong(read(outside(id, "cpuacct", "cpuacct.usage"))) / 1000;
    }

    @ParameterizedTest
    @CsvSource({
        "throttleReadBpsDevice, 1048576, if=/dev/disk of=/dev/null bs=64k count=32 iflag=direct",
        "throttleWriteBpsDevice, 1048576, if=/dev/zero of=/dev/disk bs=64k count=32 oflag=direct",
        "throttleReadIOPSDevice, 10, if=/dev/disk of=/dev/null bs=4k count=20 iflag=direct",
        "throttleWriteIOPSDevice, 10, if=/dev/zero of=/dev/disk bs=4k count=20 oflag=direct"
    })
    void whoReadsOrWritesBeyondTheRateWaits(String member, long rate, String operands) throws IOException {
        try (LoopDisk disk = LoopDisk.in(directory)) {
            String numbers = "\"major\": " + disk.major() + ", \"minor\": " + disk.minor();
            Bundle bundle = sandbox.bundle()
                    .with("/linux/devices", "[{\"path\": \"/dev/disk\", \"type\": \"b\", " + numbers + "}]")
                    .withResources("{\"devices\": [{\"allow\": false, \"access\": \"rwm\"},"
                            + " {\"allow\": true, \"type\": \"b\", \"access\": \"rwm\", " + numbers + "}],"
                            + " \"blockIO\": {\"" + member + "\": [{\"rate\": " + rate + ", " + numbers + "}]}}")
                    .runsScript("dd " + operands);
            long begin = System.nanoTime();

            run(bundle).succeeds();

            // It should be two; the first are let through at once.
            assertTrue(Duration.ofNanos(System.nanoTime() - begin).compareTo(Duration.ofSeconds(1)) > 0);
        }
    }

    @Test
    void aHugePageTooManyIsRefused() throws IOException {
        long free = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("HugePages_Free:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
        Programs.skipUnless(free >= 2, "no huge pages are reserved here");
        Bundle bundle = sandbox.bundle()
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/huge\", \"type\": \"hugetlbfs\", \"source\": \"hugetlbfs\","
                                + " \"options\": [\"pagesize=2M\"]}")
                .withResources("{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": " + HUGE_PAGE + "}]}")
                .runsScript("fallocate -l " + HUGE_PAGE + " /huge/a && echo one; fallocate -l " + HUGE_PAGE
                        + " /huge/b && echo two");

        Execution refused = run(bundle);

        assertEquals("one\n", refused.output(), refused::toString);
    }

    /** They wait for memory; that is what was asked for, and does not keep anybody from ending them. */
    @Test
    void whoMayNotBeKilledForMemoryWaitsForIt() {
        Programs.skipUnless(!UNIFIED, "cgroup v2 has no such thing as disableOOMKiller");
        String id = start(sandbox.bundle()
                .withResources("{\"memory\": {\"limit\": 16777216, \"swap\": 16777216, \"disableOOMKiller\": true}}")
                .runsScript("x=$(head -c 64000000 /dev/zero | tr '\\0' x); echo alive"));

        Eventually.isTrue(
                "there is no memory left",
                () -> read(outside(id, "memory", "memory.oom_control")).contains("under_oom 1"));
        assertEquals("running", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void halfAMegabyteIsEnoughForTrue() {
        run(sandbox.bundle()
                        .withResources("{\"memory\": {\"limit\": 524288, \"swap\": 524288}}")
                        .runs("true"))
                .succeeds();
    }

    @Test
    void aForkBombStopsAtTheLimitAndCanBeRemoved() {
        String id = start(sandbox.bundle()
                .withResources("{\"pids\": {\"limit\": 50}}")
                .runsScript("(bomb() { bomb | bomb & }; bomb) 2> /dev/null; exec sleep 1000"));

        Eventually.isTrue(
                "it is stopped",
                () -> counters(read(outside(id, "pids", "pids.events")).lines()).get("max") > 0);
        assertTrue(Integer.parseInt(read(outside(id, "pids", "pids.current"))) <= 50);
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void aThousandProcessesArePausedResumedAndEnded() {
        String id = start(sandbox.bundle()
                .runsScript("i=0; while [ $i -lt 1000 ]; do sleep 1000 & i=$((i + 1)); done; exec sleep 1000"));
        Path processes = outside(id, UNIFIED ? "" : "pids", "cgroup.procs");
        Eventually.isTrueWithin(
                CROWD_LIMIT, "all are there", () -> read(processes).lines().count() == 1001);

        jrun.call("pause", id).succeeds();
        assertEquals("paused", jrun.status(id));
        jrun.call("resume", id).succeeds();
        List<String> ids = jrun.call("ps", "--format", "json", id).succeeds().lines();
        assertEquals(1001, String.join("", ids).split(",").length);
        jrun.call("kill", "--all", id, "KILL").succeeds();
        Eventually.isTrueWithin(
                CROWD_LIMIT, "all have ended", () -> jrun.status(id).equals("stopped"));
        jrun.call("delete", id).succeeds();
    }
}
