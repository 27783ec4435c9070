// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The limits of {@code linux.resources}: what is in the cgroup's files, and what they do to the container. On cgroup v2
 * where that is all that the host has, as in the machine that {@code scripts/test-in-vm} boots, else on cgroup v1.
 */
class ResourcesIT extends RealContainers {
    private static final boolean UNIFIED = HostView.isUnifiedOnly();

    /** Files of limits by their controller on cgroup v1. */
    private static final Map<String, List<String>> LEGACY = Map.of(
            "memory", List.of("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes"),
            "cpu", List.of("cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us"),
            "cpuset", List.of("cpuset.cpus", "cpuset.mems"),
            "pids", List.of("pids.max"),
            "blkio", List.of("blkio.bfq.weight"));

    /** The same on cgroup v2, but for cpu.weight, which runc before 1.3.2 does not compute as others do now. */
    private static final List<String> UNIFIED_FILES = List.of(
            "memory.max",
            "memory.swap.max",
            "memory.low",
            "cpu.max",
            "cpuset.cpus",
            "cpuset.mems",
            "pids.max",
            "io.bfq.weight",
            "io.weight");

    private static final String EVERYTHING = """
            {"memory": {"limit": 67108864, "swap": 134217728, "reservation": 33554432, "disableOOMKiller": false},
             "cpu": {"shares": 512, "quota": 50000, "period": 200000, "cpus": "0", "mems": "0"},
             "pids": {"limit": 64},
             "blockIO": {"weight": 500}}""";

    @Test
    void aCgroupThatCannotBeMadeIsNoneThatHasToBeRemoved() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/cgroupsPath", "\"/cgroup.procs/x\"")
                .runs("true");

        assertEquals(
                1, jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).code());
        sandbox.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allLimitsAreInTheFilesOfTheCgroup(boolean inUserNamespace) throws IOException {
        String id = sandbox.newId();
        Bundle bundle = bundle(EVERYTHING).with("/linux/cgroupsPath", "\"/" + id + "\"");
        if (inUserNamespace) {
            bundle.inUserNamespace();
        }
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        Map<String, String> expected = new TreeMap<>();
        if (UNIFIED) {
            expected.putAll(Map.of(
                    "memory.max", "67108864",
                    "memory.swap.max", "67108864",
                    "memory.low", "33554432",
                    "cpu.max", "50000 200000",
                    "cpuset.cpus", "0",
                    "cpuset.mems", "0",
                    "pids.max", "64"));
            expected.put("cpu.weight", "59");
        } else {
            expected.putAll(Map.of(
                    "memory/memory.limit_in_bytes", "67108864",
                    "memory/memory.memsw.limit_in_bytes", "134217728",
                    "memory/memory.soft_limit_in_bytes", "33554432",
                    "cpu/cpu.shares", "512",
                    "cpu/cpu.cfs_quota_us", "50000",
                    "cpu/cpu.cfs_period_us", "200000",
                    "cpuset/cpuset.cpus", "0",
                    "cpuset/cpuset.mems", "0",
                    "pids/pids.max", "64"));
        }
        Map<String, String> found = new TreeMap<>();
        for (String file : expected.keySet()) {
            found.put(file, Files.readString(outside(id, file)).strip());
        }
        assertEquals(expected, found);
    }

    private Path outside(String id, String file) {
        return UNIFIED
                ? view().cgroups().resolve(id).resolve(file)
                : view().cgroups().resolve(file.replace("/", "/" + id + "/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                EVERYTHING,
                "{}",
                "{\"memory\": {\"limit\": 67108864}}",
                "{\"memory\": {\"limit\": 67108864, \"swap\": 67108864}}",
                "{\"memory\": {\"limit\": 67108864, \"swap\": -1}}",
                "{\"memory\": {\"limit\": -1, \"reservation\": 4096}}",
                "{\"memory\": {\"limit\": 67108865, \"swap\": 134217999, \"reservation\": 4097}}",
                "{\"memory\": {\"limit\": 0, \"swap\": 0, \"reservation\": 0}}",
                "{\"cpu\": {\"quota\": 20000}}",
                "{\"cpu\": {\"period\": 20000}}",
                "{\"cpu\": {\"quota\": -1, \"period\": 50000}}",
                "{\"cpu\": {\"shares\": 0, \"quota\": 0, \"period\": 0, \"cpus\": \"\"}}",
                "{\"cpu\": {\"cpus\": \"0-1\"}}",
                "{\"pids\": {\"limit\": -1}}",
                "{\"blockIO\": {\"weight\": 0}}"
            })
    void theFilesAreLikeThoseThatRuncWrites(String json) {
        Programs.need("runc");
        Bundle bundle = bundle(json).runsScript("cd /sys/fs/cgroup; grep -H '' $(ls -d " + files() + " 2> /dev/null)");
        String id = sandbox.newId();

        assertEquals(
                run(sandbox.installed("runc").orElseThrow(), bundle, id)
                        .succeeds()
                        .output(),
                run(jrun, bundle, id).succeeds().output());
    }

    private static String files() {
        return UNIFIED
                ? String.join(" ", UNIFIED_FILES)
                : LEGACY.entrySet().stream()
                        .flatMap(entry -> entry.getValue().stream().map(name -> entry.getKey() + "/" + name))
                        .sorted()
                        .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "docker-20.10-limits, 67108864, 64",
        "docker-20.10-bridge, max, max",
        "podman-4.3-limits, 67108864, 50",
        "podman-4.3-run, max, 2048",
        "containerd-1.6-memory-seccomp, 67108864, max",
        "containerd-1.6-run, max, max"
    })
    void whatClientsAskForIsApplied(String config, String memory, String pids) throws IOException {
        Bundle bundle = sandbox.bundle()
                .with(
                        "/linux/resources",
                        captured(config).at("/linux/resources").toString())
                .runsScript(
                        UNIFIED
                                ? "cd /sys/fs/cgroup; cat memory.max pids.max"
                                : "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes pids/pids.max");

        assertEquals(
                List.of(memory, pids),
                run(jrun, bundle, sandbox.newId()).succeeds().lines().stream()
                        .map(line -> line.equals("9223372036854771712") ? "max" : line)
                        .toList());
    }

    private static JsonNode captured(String name) {
        return OciRuntime.json(new CapturedDocument(name).text());
    }

    @Test
    void whoeverUsesMoreMemoryThanTheLimitIsKilled() {
        Bundle bundle = bundle("{\"memory\": {\"limit\": 16777216, \"swap\": 16777216}}")
                .runsScript("x=$(head -c 64000000 /dev/zero | tr '\\0' x); echo alive");

        Execution killed = run(jrun, bundle, sandbox.newId());
        assertEquals(128 + 9, killed.code(), killed::toString);
        assertEquals("", killed.output());
    }

    /** Its root, whose the cgroup is not, has none of them either. */
    @Test
    void limitsHoldInAUserNamespace() {
        Bundle bundle = bundle("{\"memory\": {\"limit\": 16777216, \"swap\": 16777216}, \"pids\": {\"limit\": 5}}")
                .inUserNamespace();
        String limit = UNIFIED ? "/sys/fs/cgroup/pids.max" : "/sys/fs/cgroup/pids/pids.max";

        Execution stuck = run(
                jrun,
                bundle.runsScript("cat " + limit + "; (echo max > " + limit + ") 2> /dev/null || echo kept;"
                        + " for i in 1 2 3 4; do sleep 100 & done; echo four; sleep 100 & echo five"),
                sandbox.newId());
        assertEquals("5\nkept\nfour\n", stuck.output());

        Execution killed = run(
                jrun, bundle.runsScript("x=$(head -c 64000000 /dev/zero | tr '\\0' x); echo alive"), sandbox.newId());
        assertEquals(128 + 9, killed.code(), killed::toString);
    }

    @Test
    void aLimitThatIsTooLowForInitIsSaidToBe() {
        Bundle bundle = bundle("{\"memory\": {\"limit\": 4096}}").runs("true");

        run(jrun, bundle, sandbox.newId()).failsWith("config.json#/linux/resources/memory/limit", "too low");
    }

    @Test
    void nothingCanBeForkedBeyondTheLimit() {
        Bundle bundle = bundle("{\"pids\": {\"limit\": 5}}")
                .runsScript("for i in 1 2 3 4; do sleep 100 & done; echo four; sleep 100 & echo five");

        Execution stuck = run(jrun, bundle, sandbox.newId());
        assertEquals("four\n", stuck.output());
        assertTrue(stuck.errors().contains("can't fork: Resource temporarily unavailable"), stuck::toString);
    }

    /** As the version of the specification says that a document complies with. */
    @Test
    void zeroPidsMeanNoForkSinceVersion13() {
        Bundle bundle = bundle("{\"pids\": {\"limit\": 0}}")
                .with("/ociVersion", "\"1.2.1\"")
                .runsScript("(true); echo forked");

        assertEquals("forked\n", run(jrun, bundle, sandbox.newId()).output());
        bundle.with("/ociVersion", "\"1.3.0\"");
        assertEquals("", run(jrun, bundle, sandbox.newId()).output());
    }

    @Test
    void programsRunOnTheirCpusOnly() {
        Bundle bundle =
                bundle("{\"cpu\": {\"cpus\": \"0\"}}").runsScript("grep -o 'Cpus_allowed_list.*' /proc/self/status");

        assertEquals(
                "Cpus_allowed_list:\t0\n",
                run(jrun, bundle, sandbox.newId()).succeeds().output());
    }

    @Test
    void whoUsedTheQuotaUpWaits() {
        String stat = UNIFIED ? "/sys/fs/cgroup/cpu.stat" : "/sys/fs/cgroup/cpu/cpu.stat";
        Bundle bundle = bundle("{\"cpu\": {\"quota\": 1000, \"period\": 5000}}")
                .runsScript("i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done; grep nr_throttled " + stat);

        String throttled =
                run(jrun, bundle, sandbox.newId()).succeeds().output().strip();
        assertFalse(throttled.endsWith(" 0"), throttled);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"memory": {"limit": -2}}                         | memory/limit | memory controller | invalid argument
            {"memory": {"swap": 67108864}}                    | memory/swap  | memory controller | limit
            {"memory": {"limit": 67108864, "swap": 4096}}     | memory/swap  | found 4096        | at least the limit
            {"cpu": {"quota": 10}}                            | cpu/quota    | cpu controller    | invalid argument
            {"cpu": {"quota": 5000, "period": 5000000}}       | cpu/         | cpu controller    | invalid argument
            {"cpu": {"cpus": "4095"}}                         | cpu/cpus     | cpuset controller | out of range
            {"cpu": {"mems": "63"}}                           | cpu/mems     | cpuset controller | 63
            {"pids": {"limit": 99999999}}                     | pids/limit   | pids controller   | invalid argument
            {"blockIO": {"weight": 60000}}                    | blockIO/weight | o controller    | out of range
            """)
    void whatTheKernelRefusesIsNamedAndNothingIsLeft(String json, String field, String controller, String reason) {
        run(jrun, bundle(json).runs("true"), sandbox.newId())
                .failsWith("config.json#/linux/resources/" + field, controller, reason);
        sandbox.assertNothingIsLeft();
    }

    private Bundle bundle(String resources) {
        return sandbox.bundle().withResources(resources);
    }

    private static Execution run(OciRuntime runtime, Bundle bundle, String id) {
        return runtime.call("run", "--bundle", bundle.path(), id);
    }
}
