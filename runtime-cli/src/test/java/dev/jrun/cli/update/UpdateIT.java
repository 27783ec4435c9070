// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.ControlFiles;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code update}: what it changes, what that does, and that it leaves all as it was if it fails. */
class UpdateIT extends RealContainers {

    /** What is limited before. */
    private static final String BEFORE = """
            {"devices": [{"allow": false, "access": "rwm"}],
             "memory": {"limit": 67108864, "swap": 134217728},
             "cpu": {"shares": 300, "quota": 40000, "period": 100000, "cpus": "0", "mems": "0"},
             "pids": {"limit": 30}}""";

    private static final String NOTHING = "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]}";

    private String start(OciRuntime runtime, String resources) {
        return sandbox.run(runtime, bundle(resources).runs("sleep", "1000"));
    }

    private Bundle bundle(String resources) {
        return sandbox.bundle().with("/linux/resources", resources);
    }

    private Path document(String json) {
        try {
            return Files.writeString(directory.resolve("document-" + System.nanoTime()), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Execution update(OciRuntime runtime, String id, String json) {
        return runtime.call("update", "--resources", document(json).toString(), id);
    }

    private String file(String id, String name) {
        return ControlFiles.text(view(), id, name);
    }

    /** What this host's cgroups do not have. */
    private void need(String id, String name) {
        boolean found = ControlFiles.find(view(), id, name).isPresent();
        if (!found) {
            System.out.println("skipped: there is no " + name + " here");
        }
        assumeTrue(found);
    }

    private void needControllers() {
        boolean usable = hasControllers();
        if (!usable) {
            System.out.println("skipped: cgroup v2 has not all controllers here");
        }
        assumeTrue(usable);
    }

    private boolean hasControllers() {
        Path controllers = view().cgroups().resolve("cgroup.controllers");
        try {
            return !Files.exists(controllers)
                    || List.of(Files.readString(controllers).strip().split(" "))
                            .containsAll(List.of("cpu", "cpuset", "memory", "pids"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            --memory 64m                                | memory.limit_in_bytes           | 67108864
            -m 96m                                      | memory.limit_in_bytes           | 100663296
            --memory 64m --memory-swap 128M             | memory.memsw.limit_in_bytes     | 134217728
            --memory-reservation 32MiB                  | memory.soft_limit_in_bytes      | 33554432
            --kernel-memory-tcp 1m                      | memory.kmem.tcp.limit_in_bytes  | 1048576
            --cpu-share 512                             | cpu.shares                      | 512
            --cpu-quota 30000                           | cpu.cfs_quota_us                | 30000
            --cpu-quota -1                              | cpu.cfs_quota_us                | -1
            --cpu-period 200000                         | cpu.cfs_period_us               | 200000
            --cpu-quota=30000 --cpu-burst=2000          | cpu.cfs_burst_us                | 2000
            --cpu-idle 1                                | cpu.idle                        | 1
            --cpu-rt-period 900000                      | cpu.rt_period_us                | 900000
            --cpu-rt-runtime 1000                       | cpu.rt_runtime_us               | 1000
            --cpuset-cpus 0                             | cpuset.cpus                     | 0
            --cpuset-mems 0                             | cpuset.mems                     | 0
            --pids-limit 7                              | pids.max                        | 7
            --pids-limit -1                             | pids.max                        | max
            --pids-limit 0                              | pids.max                        | 1
            --blkio-weight 500                          | blkio.bfq.weight                | 500
            --memory 64m                                | memory.max                      | 67108864
            --memory 64m --memory-swap 128M             | memory.swap.max                 | 67108864
            --memory-reservation 32MiB                  | memory.low                      | 33554432
            --cpu-share 512                             | cpu.weight                      | 59
            --cpu-quota 30000                           | cpu.max                         | 30000 100000
            --cpu-period 200000                         | cpu.max                         | max 200000
            --cpu-quota=30000 --cpu-burst=2000          | cpu.max.burst                   | 2000
            """)
    void eachOptionIsInItsFile(String options, String name, String expected) {
        String id = start(jrun, NOTHING);
        need(id, name);
        List<String> words = new ArrayList<>(List.of("update", id));
        words.addAll(List.of(options.split(" ")));

        Execution updated = jrun.call(words.toArray(String[]::new)).succeeds();
        assertEquals("", updated.output() + updated.errors());
        assertEquals(expected, file(id, name));
    }

    /** After the same container was made, and the same was changed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"memory\": {\"limit\": 33554432}}",
                "{\"memory\": {\"limit\": 268435456, \"swap\": 536870912, \"reservation\": 16777216}}",
                "{\"memory\": {\"limit\": -1}}",
                "{\"memory\": {\"swap\": -1}}",
                "{\"memory\": {\"reservation\": 4096}}",
                "{\"cpu\": {\"shares\": 1000, \"quota\": 20000, \"period\": 50000}}",
                "{\"cpu\": {\"quota\": 20000}}",
                "{\"cpu\": {\"period\": 50000}}",
                "{\"cpu\": {\"quota\": -1}}",
                "{\"cpu\": {\"cpus\": \"0-1\", \"mems\": \"0\"}}",
                "{\"pids\": {\"limit\": 5}}",
                "{\"pids\": {\"limit\": -1}}",
                "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}], \"blockIO\": {\"weight\": 0}}",
                "{\"memory\": {\"limit\": 0, \"swap\": 0}, \"cpu\": {\"quota\": 0, \"cpus\": \"\"}}",
                // What Podman, Docker and containerd wrote.
                "{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}],\"memory\":{\"limit\":33554432,\"swap\":33554432},"
                        + "\"cpu\":{\"shares\":300,\"quota\":20000,\"period\":100000},\"pids\":{\"limit\":20}}",
                "{\"memory\":{\"limit\":33554432},\"cpu\":{\"shares\":300,\"quota\":20000,\"period\":100000},"
                        + "\"pids\":{\"limit\":20}}",
                "{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}],\"memory\":{\"limit\":33554432,\"swap\":33554432},"
                        + "\"cpu\":{\"shares\":256,\"quota\":20000,\"period\":100000}}"
            })
    void theFilesAreLikeThoseOfRunc(String json) {
        Programs.need("runc");
        needControllers();
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        String expected = start(runc, BEFORE);
        String found = start(jrun, BEFORE);
        update(runc, expected, json).succeeds();
        Execution updated = update(jrun, found, json).succeeds();

        assertEquals("", updated.output() + updated.errors());
        ControlFiles.assertAreTheSame(files(expected, json), files(found, json), json);
    }

    /** But for swap on cgroup v2, if memory alone is changed: runc before 1.3 leaves it as it is. */
    private Map<String, String> files(String id, String json) {
        Map<String, String> files = ControlFiles.of(view(), id);
        if (json.contains("\"limit\": 33554432}") || json.contains("\"limit\":33554432}")) {
            files.keySet().removeIf(name -> name.endsWith("/memory.swap.max"));
        }
        return files;
    }

    /**
     * As with runc since 1.4, for which a document means what the specification says by now, and an option what it
     * says.
     */
    @Test
    void noProcessesAreNoneAlsoForAnOlderContainer() {
        needControllers();
        String id = sandbox.run(
                jrun,
                bundle("{\"pids\": {\"limit\": 9}}")
                        .with("/ociVersion", "\"1.0.2\"")
                        .runs("sleep", "1000"));

        update(jrun, id, "{\"pids\": {\"limit\": 0}}").succeeds();
        assertEquals("9", file(id, "pids.max"));
        jrun.call("update", "--pids-limit", "0", id).succeeds();
        assertEquals("1", file(id, "pids.max"));
    }

    @Test
    void aProcessTooManyIsNoLongerMade() {
        needControllers();
        String id = start(jrun, NOTHING);
        String[] two = {"exec", id, "sh", "-c", "sleep 1000 & sleep 1000 & kill $(jobs -p); echo both"};

        jrun.call("update", "--pids-limit", "3", id).succeeds();
        Execution refused = jrun.call(two);
        assertTrue(refused.errors().contains("can't fork: Resource temporarily unavailable"), refused::toString);
        jrun.call("update", "--pids-limit", "50", id).succeeds();
        assertEquals("both\n", jrun.call(two).succeeds().output());
    }

    /** A container whose file made/kmsg no rule allows. */
    private String startWithKmsg(String rules) {
        Bundle bundle = bundle("{\"devices\": " + rules + "}")
                .file("made/sign", "rw-r--r--", "")
                .runs("sleep", "1000");
        for (String set : List.of("bounding", "permitted", "effective")) {
            bundle.with("/process/capabilities/" + set, "[\"CAP_SYSLOG\"]");
        }
        Programs.run("mknod", bundle.rootfs().resolve("made/kmsg").toString(), "c", "1", "11");
        return sandbox.run(jrun, bundle);
    }

    private List<String> used(String id) {
        return jrun.call(
                        "exec",
                        id,
                        "sh",
                        "-c",
                        "(: < /made/kmsg) 2> /dev/null && echo read; (: >> /made/kmsg) 2> /dev/null && echo wrote;"
                                + " (: < /dev/null) && echo null")
                .succeeds()
                .lines();
    }

    private void devices(String id, String rules) {
        update(jrun, id, "{\"devices\": " + rules + "}").succeeds();
    }

    @Test
    void aDeniedDeviceIsLetInAndDeniedAgain() {
        String id = startWithKmsg("[{\"allow\": false, \"access\": \"rwm\"}]");
        assertEquals(List.of("null"), used(id));
        devices(id, "[{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}]");
        assertEquals(List.of("read", "null"), used(id));
        devices(id, "[{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"w\"}]");
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(id, "[{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}]");
        assertEquals(List.of("wrote", "null"), used(id));
        devices(id, "[{\"allow\": false, \"type\": \"a\", \"access\": \"rwm\"}]");
        assertEquals(List.of("null"), used(id));
        devices(id, "[{\"allow\": true, \"access\": \"rwm\"}]");
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(
                id,
                "[{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"},"
                        + " {\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"w\"}]");
        assertEquals(List.of("wrote", "null"), used(id));
    }

    /** An update that took it at its word would cut off what the container was given. */
    @Test
    void theRuleThatClientsBeginWithChangesNothing() {
        String given = "[{\"allow\": false, \"access\": \"rwm\"},"
                + " {\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}]";
        String id = startWithKmsg(given);
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(id, "[{\"allow\": false, \"access\": \"rwm\"}]");
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(id, given);
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(
                id,
                "[{\"allow\": false, \"access\": \"rwm\"},"
                        + " {\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 5, \"access\": \"rw\"}]");
        assertEquals(List.of("read", "wrote", "null"), used(id));
    }

    /** The record of the container does not know that somebody has let it in. */
    @Test
    void whatSomebodyElseHasLetInIsDeniedWhereAnUpdateSaysSo() throws IOException {
        String id = startWithKmsg("[]");
        need(id, "devices.allow");
        Files.writeString(ControlFiles.find(view(), id, "devices.allow").orElseThrow(), "c 1:11 rw");
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(id, "[{\"allow\": false, \"access\": \"rwm\"}]");
        devices(id, "[{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 5, \"access\": \"rw\"}]");
        assertEquals(List.of("read", "wrote", "null"), used(id));
        devices(id, "[{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}]");
        assertEquals(List.of("null"), used(id));
    }

    @Test
    void aRuleWithoutATypeDoesNotOpenAllDevices() {
        String id = startWithKmsg("[]");
        Path document = document("{\"devices\": [{\"allow\": false, \"access\": \"rwm\"},"
                + " {\"allow\": true, \"major\": 10, \"minor\": 230, \"access\": \"r\"}]}");
        jrun.call("update", "-r", document.toString(), id)
                .failsWith(document + "#/devices/1/type: found nothing; required: b or c, ");
        assertEquals(List.of("null"), used(id));
    }

    @Test
    void allStaysAsItWasIfTheLastOneIsRefused() {
        needControllers();
        String id = start(jrun, BEFORE);
        Map<String, String> before = ControlFiles.of(view(), id);

        Path document = document("""
                {"memory": {"limit": 33554432, "swap": 67108864, "reservation": 4096},
                 "cpu": {"shares": 1000, "quota": 20000, "period": 50000, "cpus": "0-1"},
                 "pids": {"limit": 7},
                 "devices": [{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "rw"}],
                 "unified": {"nothing.max": "1"}}""");
        jrun.call("update", "-r", document.toString(), id)
                .failsWith("cannot update container " + id + ": " + document
                        + "#/unified/nothing.max: nothing controller:");
        assertEquals(before, ControlFiles.of(view(), id));

        jrun.call("update", "--memory", "32m", "--pids-limit", "99999999", id)
                .failsWith("cannot update container " + id + ": --pids-limit: pids controller:");
        assertEquals(before, ControlFiles.of(view(), id));
    }

    /** The state cannot be replaced where something is in the way. */
    @Test
    void whatCannotBeRecordedIsPutBack() throws IOException {
        String id = startWithKmsg("[]");
        Map<String, String> before = ControlFiles.of(view(), id);
        Path obstacle = Files.createDirectory(jrun.root().resolve(id).resolve("state.json.new"));

        update(
                        jrun,
                        id,
                        "{\"unified\": {\"cgroup.max.depth\": \"7\"},"
                                + " \"devices\": [{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}]}")
                .failsWith("cannot write the state of container " + id);
        Files.delete(obstacle);
        assertEquals(before, ControlFiles.of(view(), id));
        assertEquals(List.of("null"), used(id));
    }

    /** The limit of both together is kept, also by cgroup v2, which has none. */
    @Test
    void memoryAloneIsChangedWithinTheSum() {
        needControllers();
        String id = start(jrun, BEFORE);
        jrun.call("update", "--memory", "200m", id)
                .failsWith(
                        "--memory: found 209715200; allowed: at most 134217728, the limit of memory and swap together");
        jrun.call("update", "--memory", "96m", id).succeeds();
        assertSwap(id, 96 << 20, 128 << 20);
        jrun.call("update", "--memory-swap", "160m", id).succeeds();
        assertSwap(id, 96 << 20, 160 << 20);
        jrun.call("update", "--memory", "150m", id).succeeds();
        assertSwap(id, 150 << 20, 160 << 20);
        jrun.call("update", "--memory", "200m", "--memory-swap", "200m", id).succeeds();
        assertSwap(id, 200 << 20, 200 << 20);
        jrun.call("update", "--memory=-1", id).succeeds();
        jrun.call("update", "--memory", "300m", id).succeeds();
    }

    private void assertSwap(String id, long limit, long sum) {
        if (ControlFiles.find(view(), id, "memory.max").isPresent()) {
            assertEquals(Long.toString(limit), file(id, "memory.max"));
            assertEquals(Long.toString(sum - limit), file(id, "memory.swap.max"));
        } else {
            assertEquals(Long.toString(limit), file(id, "memory.limit_in_bytes"));
            assertEquals(Long.toString(sum), file(id, "memory.memsw.limit_in_bytes"));
        }
    }

    /** Somebody has changed both by hand, or has said how much swap alone there may be. */
    @Test
    void memoryAloneLeavesALimitThatNobodyNamed() throws IOException {
        needControllers();
        String id = start(jrun, BEFORE);
        if (ControlFiles.find(view(), id, "memory.max").isPresent()) {
            need(id, "memory.swap.max");
            Files.writeString(ControlFiles.find(view(), id, "memory.swap.max").orElseThrow(), "134217728");
            jrun.call("update", "--memory", "96m", id).succeeds();
            assertSwap(id, 96 << 20, 192 << 20);
            update(jrun, id, "{\"unified\": {\"memory.swap.max\": \"8388608\"}}")
                    .succeeds();
            jrun.call("update", "--memory", "64m", id).succeeds();
            assertSwap(id, 64 << 20, 72 << 20);
        } else {
            need(id, "memory.memsw.limit_in_bytes");
            Files.writeString(
                    ControlFiles.find(view(), id, "memory.memsw.limit_in_bytes").orElseThrow(), "201326592");
            jrun.call("update", "--memory", "96m", id).succeeds();
            assertSwap(id, 96 << 20, 192 << 20);
        }
    }

    /** Which no controller of v1 or v2 has to be there for. */
    private static final String DEPTH = "{\"unified\": {\"cgroup.max.depth\": \"5\"}}";

    private void needUnified(String id) {
        need(id, "cgroup.max.depth");
    }

    @Test
    void aDocumentMayComeByAnyWay() throws IOException {
        String id = start(jrun, NOTHING);
        needUnified(id);
        Path document = document(DEPTH);
        for (List<String> words : List.of(
                List.of("update", "--resources=-", id),
                List.of("update", "--resources", "-", id),
                List.of("update", "-r", "-", id),
                List.of("update", id, "-r", "-"))) {
            jrun.start(document, words.toArray(String[]::new)).await().succeeds();
            assertEquals("5", file(id, "cgroup.max.depth"));
            update(jrun, id, "{\"unified\": {\"cgroup.max.depth\": \"max\"}}").succeeds();
        }
        jrun.callIn(directory, "update", "--resources=" + document.getFileName(), id)
                .succeeds();
        assertEquals("5", file(id, "cgroup.max.depth"));

        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString()).succeeds();
        Execution.Started waiting = jrun.start(Path.of("/dev/null"), "update", "-r", fifo.toString(), id);
        Files.writeString(fifo, DEPTH.replace('5', '6'));
        waiting.await().succeeds();
        assertEquals("6", file(id, "cgroup.max.depth"));
    }

    @Test
    void whatIsWrongWithADocumentIsSaid() {
        String id = start(jrun, NOTHING);
        Path document = document("{\"pids\": {\"limit\": \"many\"}, \"memory\": {\"limit\": 2, \"swap\": 1}}");
        jrun.call("update", "-r", document.toString(), id)
                .failsWith(
                        document + "#/pids/limit: found \"many\"; allowed: ",
                        document + "#/memory/swap: found 1; allowed: -1, or at least the limit");
        jrun.call("update", "-r", directory.resolve("missing").toString(), id)
                .failsWith("--resources " + directory.resolve("missing") + ": no such file or directory");
        jrun.call("update", "-r", "-", id).failsWith("standard input: it is empty");
        Path large = document(" ".repeat(1 << 20) + "{}");
        jrun.call("update", "-r", large.toString(), id)
                .failsWith(large + ": found 1048578 bytes; allowed: at most 1048576");
        jrun.call("update", "-r", document.toString(), "--pids-limit", "5", id)
                .failsWith("--pids-limit cannot be combined with --resources; set it in that document");
        jrun.call("update", "--cpu-period", "x", id).failsWith("invalid value for --cpu-period: found \"x\"");
        jrun.call("update", "--memory", "5x", id).failsWith("invalid value for --memory: found \"5x\"");
        jrun.call("update", "--cpu-share", "-5", id).failsWith("--cpu-share: found -5; allowed: ");
        for (String option : List.of("--memory", "--pids-limit", "--cpuset-cpus", "--resources", "--mem-bw-schema")) {
            jrun.call("update", option, "", id).failsWith("invalid value for " + option + ": found \"\"; allowed: ");
        }
        jrun.call("update", "--cpuset-cpus", "0-", id).failsWith("--cpuset-cpus: found \"0-\"; allowed: ");
        jrun.call("update").failsWith("\"update\" requires exactly 1 argument(s)");
        assertTrue(jrun.call("update", "--kernel-memory", "5m", id)
                .succeeds()
                .errors()
                .contains("warning: --kernel-memory: found 5242880; has no effect"));
    }

    @Test
    void aContainerIsUpdatedInEachStateButStopped() {
        String id = sandbox.newId();
        Bundle bundle = bundle(NOTHING).runs("sleep", "1000").with("/linux/cgroupsPath", "\"/" + id + '"');
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        needUnified(id);
        update(jrun, id, DEPTH).succeeds();
        assertEquals("5", file(id, "cgroup.max.depth"));
        jrun.call("start", id).succeeds();
        jrun.call("pause", id).succeeds();
        update(jrun, id, DEPTH.replace('5', '6')).succeeds();
        assertEquals("6", file(id, "cgroup.max.depth"));
        assertEquals("paused", jrun.status(id));
        jrun.call("resume", id).succeeds();
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        update(jrun, id, DEPTH).failsWith("cannot update container " + id + ": container not running");
        jrun.call("delete", id).succeeds();
        update(jrun, id, DEPTH).failsWith("does not exist");
    }

    @Test
    void runcSaysTheSameOfWhatIsNotRunning() {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        for (OciRuntime runtime : List.of(jrun, runc)) {
            String id = start(runtime, NOTHING);
            runtime.call("kill", id, "KILL").succeeds();
            runtime.awaitStatus(id, "stopped");
            runtime.call("update", "--pids-limit", "5", id).failsWith("container not running");
            runtime.call("update", "--pids-limit", "5", sandbox.newId()).failsWith("does not exist");
        }
    }

    @Test
    void whoHasNoCgroupOfItsOwnIsNotUpdated() {
        String id = sandbox.newId();
        Bundle bundle = bundle("{}").with("/ociVersion", "\"1.0.2\"").runs("sleep", "1000");
        jrun.call("--cgroup-manager=disabled", "run", "--detach", "--bundle", bundle.path(), id)
                .succeeds();
        jrun.call("update", "--pids-limit", "5", id)
                .failsWith("cannot update container " + id + ": it has no cgroup of its own");
    }

    /** Somebody has moved its process elsewhere, and removed what was left. */
    @Test
    void whatIsAtThePlaceOfACgroupThatIsGoneIsNotTouched() throws IOException {
        String id = start(jrun, NOTHING);
        Path cgroup = ControlFiles.find(view(), id, "devices.list")
                .or(() -> ControlFiles.find(view(), id, "cgroup.max.depth"))
                .orElseThrow()
                .getParent();
        String pid = jrun.state(id).get("pid").asText();
        Path elsewhere = Files.createDirectory(cgroup.resolveSibling(id + "-elsewhere"));
        Files.writeString(elsewhere.resolve("cgroup.procs"), pid);
        Files.delete(cgroup);
        Files.createDirectory(cgroup);
        try {
            update(jrun, id, DEPTH).failsWith("cannot update container " + id + ": its cgroup is gone: ", "/" + id);
        } finally {
            Files.delete(cgroup);
            jrun.call("delete", "--force", id);
            Eventually.isTrue("nothing is in there any more", () -> isRemoved(elsewhere));
        }
    }

    private static boolean isRemoved(Path directory) {
        try {
            return Files.deleteIfExists(directory);
        } catch (IOException busy) {
            return false;
        }
    }

    /** Each is done as a whole, one after the other. */
    @Test
    void updatesAtTheSameTimeDoNotMix() {
        String id = start(jrun, NOTHING);
        needUnified(id);
        List<Execution.Started> updates = new ArrayList<>();
        for (int n = 1; n <= 20; n++) {
            Path document = document(
                    "{\"unified\": {\"cgroup.max.depth\": \"" + n + "\", \"cgroup.max.descendants\": \"" + n + "\"}}");
            updates.add(jrun.start(document, "update", "-r", "-", id));
        }
        for (Execution.Started update : updates) {
            update.await().succeeds();
        }
        assertEquals(file(id, "cgroup.max.depth"), file(id, "cgroup.max.descendants"));
    }

    /** In a document as in the options, all that config.json has is there: this one has no option. */
    @Test
    void limitsOfHugePagesAreChangedAndPutBack() {
        String id = start(jrun, "{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 8388608}]}");
        need(id, "hugetlb.2MB.max");
        update(jrun, id, "{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}]}")
                .succeeds();
        assertEquals("4194304", file(id, "hugetlb.2MB.max"));
        update(
                        jrun,
                        id,
                        "{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 2097152},"
                                + " {\"pageSize\": \"3MB\", \"limit\": 4194304}]}")
                .failsWith("#/hugepageLimits/1: hugetlb controller: ", "hugetlb.3MB.max");
        assertEquals("4194304", file(id, "hugetlb.2MB.max"));
        assertEquals("4194304", file(id, "hugetlb.2MB.rsvd.max"));
    }

    /**
     * The call is made again, by another engine, which finds what the first one has left, however far that has come.
     * How far it has is in the journal, which nobody touches until the next engine has started.
     */
    @Test
    void aLostEngineLosesNoUpdate() throws IOException {
        String id = start(jrun, NOTHING);
        needUnified(id);
        boolean manySteps = ControlFiles.find(view(), id, "devices.allow").isPresent();
        int enough = manySteps ? 5 : 1;
        Path journal = jrun.root().resolve(id).resolve("update.undo");
        SortedSet<Integer> steps = new TreeSet<>();
        for (int n = 1; n <= 60 && steps.size() < enough; n++) {
            Path document = document(manyLimits(n));
            long engine = engine();
            Execution.Started update = jrun.start(Path.of("/dev/null"), "update", "-r", document.toString(), id);
            if (engine > 0 && awaitsJournal(journal, manySteps ? n * 997L % JOURNAL : 1, update)) {
                ProcessHandle.of(engine).ifPresent(ProcessHandle::destroyForcibly);
                int done = stepsOnce(engine, journal);
                if (done > 0) {
                    steps.add(done);
                }
            }
            update.await().succeeds();
            assertEquals(Integer.toString(n), file(id, "cgroup.max.depth"));
            assertEquals(Integer.toString(n), file(id, "cgroup.max.descendants"));
            assertTrue(Files.notExists(journal));
        }
        System.out.println("engines were killed after these steps: " + steps);
        assertTrue(steps.size() >= enough, () -> "killed after these steps only: " + steps);
    }

    /** How many are in the journal when the engine, which was killed, is gone. */
    private static int stepsOnce(long engine, Path journal) throws IOException {
        Path process = Path.of("/proc/" + engine + "/stat");
        while (Files.exists(process) && !isDead(process)) {
            Thread.onSpinWait();
        }
        try {
            // The first line says what the record has.
            return Math.max(0, Files.readAllLines(journal).size() - 1);
        } catch (NoSuchFileException over) {
            return 0;
        }
    }

    private static boolean isDead(Path stat) {
        try {
            return Files.readString(stat).matches("(?s).*\\) [ZX] .*");
        } catch (IOException gone) {
            return true;
        }
    }

    /** Fewer bytes than the journal of {@link #manyLimits} comes to on cgroup v1. */
    private static final long JOURNAL = 20_000;

    /** On cgroup v1 each device rule is a step. */
    private static String manyLimits(int n) {
        List<String> rules = new ArrayList<>();
        for (int minor = 0; minor < 300; minor++) {
            rules.add("{\"allow\": " + (n % 2 == 1) + ", \"type\": \"b\", \"major\": 7, \"minor\": " + minor
                    + ", \"access\": \"r\"}");
        }
        return "{\"unified\": {\"cgroup.max.depth\": \"" + n + "\", \"cgroup.max.descendants\": \"" + n
                + "\"}, \"devices\": [" + String.join(", ", rules) + "]}";
    }

    /** The pid of the one that serves these calls; 0: none. */
    private long engine() {
        jrun.call("list").succeeds();
        String pid = jrun.call("engine", "status").output().replaceAll("(?s).*pid (\\d+).*", "$1");
        return pid.matches("\\d+") ? Long.parseLong(pid) : 0;
    }

    /** Until it has so many bytes. */
    private static boolean awaitsJournal(Path journal, long bytes, Execution.Started update) {
        while (update.process().isAlive()) {
            try {
                if (Files.size(journal) >= bytes) {
                    return true;
                }
            } catch (IOException none) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    /** As an engine leaves it that is killed in the middle: half of it is done, and not in the record. */
    @Test
    void whatAnUpdateHasLeftIsPutBackByTheNextOne() throws IOException {
        String id = startWithKmsg("[]");
        needUnified(id);
        Map<String, String> before = ControlFiles.of(view(), id);
        Path depth = ControlFiles.find(view(), id, "cgroup.max.depth").orElseThrow();
        Path journal = jrun.root().resolve(id).resolve("update.undo");
        String devices = ControlFiles.find(view(), id, "devices.allow")
                .map(allow -> "{\"file\":\"" + allow.resolveSibling("devices.deny") + "\",\"value\":\"c 1:11 r\"}\n")
                .orElse("{\"devices\":true}\n");
        devices(id, "[{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}]");
        Files.writeString(depth, "7");
        Files.writeString(
                journal, "{}\n{\"file\":\"" + depth + "\",\"value\":\"max\"}\n" + devices + "{\"file\":\"" + depth);

        update(jrun, id, "{}").succeeds();
        assertTrue(Files.notExists(journal));
        assertEquals(before, ControlFiles.of(view(), id));
        assertEquals(List.of("null"), used(id));
    }

    @Test
    void aContainerIsDeletedWhateverAnUpdateHasLeft() throws IOException {
        String id = start(jrun, NOTHING);
        Files.writeString(jrun.root().resolve(id).resolve("update.undo"), "{}\n{\"file\":\"/nothing\",\"val");
        jrun.call("delete", "--force", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    @Test
    void whoHasNoClassOfServiceGetsNone() {
        String id = start(jrun, NOTHING);
        jrun.call("update", "--l3-cache-schema", "L3:0=f", id)
                .failsWith("container " + id + " was made without linux.intelRdt");
        jrun.call("update", "--mem-bw-schema", "MB:0=20", id)
                .failsWith("container " + id + " was made without linux.intelRdt");
    }

    /** Its record is another, and what is executed in it is as before. */
    @Test
    void anUpdatedContainerLivesOn() {
        String id = startWithKmsg("[]");
        devices(id, "[{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}]");
        assertEquals(List.of("read", "null"), used(id));
        assertEquals("running", jrun.status(id));
        jrun.call("pause", id).succeeds();
        jrun.call("resume", id).succeeds();
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }
}
