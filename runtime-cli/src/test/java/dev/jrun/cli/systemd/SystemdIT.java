// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers as units of systemd, where that is init: in the machine that {@code scripts/test-in-vm --systemd} boots.
 * What systemd says of them is what a user sees.
 */
class SystemdIT extends RealContainers {

    private static final String EVERYTHING = """
            {"memory": {"limit": 67108864, "swap": 134217728, "reservation": 33554432},
             "cpu": {"shares": 1024, "quota": 50000, "period": 200000, "cpus": "0", "mems": "0"},
             "pids": {"limit": 64},
             "blockIO": {"weight": 500},
             "devices": [{"allow": false, "access": "rwm"},
                         {"allow": true, "type": "c", "major": 4, "minor": 64, "access": "rw"}]}""";

    /** Of all that {@code systemctl show} says, what depends on whoever starts the unit. */
    private static final List<String> SETTINGS = List.of(
            "Slice",
            "Delegate",
            "DefaultDependencies",
            "CollectMode",
            "KillMode",
            "OOMPolicy",
            "MemoryAccounting",
            "CPUAccounting",
            "IOAccounting",
            "TasksAccounting",
            "MemoryMax",
            "MemoryLow",
            "MemoryHigh",
            "MemorySwapMax",
            "CPUWeight",
            "CPUQuotaPerSecUSec",
            "CPUQuotaPeriodUSec",
            "AllowedCPUs",
            "AllowedMemoryNodes",
            "TasksMax",
            "IOWeight",
            "DevicePolicy",
            "DeviceAllow");

    private static final List<String> LIMITS = List.of(
            "CPUAccounting",
            "IOAccounting",
            "MemoryAccounting",
            "TasksAccounting",
            "MemoryMax",
            "MemoryLow",
            "MemorySwapMax",
            "CPUWeight",
            "CPUQuotaPerSecUSec",
            "CPUQuotaPeriodUSec",
            "AllowedCPUs",
            "AllowedMemoryNodes",
            "TasksMax",
            "IOWeight",
            "DevicePolicy");

    @BeforeAll
    static void needSystemd() {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
        Programs.need("systemctl", "systemd-run");
    }

    @AfterEach
    void noUnitIsLeft() {
        sandbox.close();
        // With its last container, a slice stays, as with other runtimes: whose it is nobody knows.
        systemctl("stop", "jrunit.slice");
        Eventually.isEqual(
                "units left",
                "",
                () -> systemctl("list-units", "--all", "--plain", "--no-legend", "*jrun-it-*", "jrunit*")
                        .output());
    }

    private static Execution systemctl(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--no-pager"));
        command.addAll(List.of(words));
        return Execution.of(new ProcessBuilder(command));
    }

    /** The settings of a unit, by their names. */
    private static Map<String, String> show(String unit, List<String> names) {
        Map<String, String> shown = new TreeMap<>();
        for (String line : systemctl("show", unit, "--property", String.join(",", names))
                .succeeds()
                .lines()) {
            int equals = line.indexOf('=');
            // A list is shown line by line, in an order that is systemd's.
            shown.merge(line.substring(0, equals), line.substring(equals + 1), (first, next) -> first + "; " + next);
        }
        shown.replaceAll((name, value) ->
                String.join("; ", List.of(value.split("; ")).stream().sorted().toList()));
        return shown;
    }

    private static String show(String unit, String name) {
        return show(unit, List.of(name)).getOrDefault(name, "");
    }

    private static String unit(String id) {
        return "jrun-" + id + ".scope";
    }

    private static boolean isActive(String unit) {
        return show(unit, "ActiveState").equals("active");
    }

    private Execution create(Bundle bundle, String id) {
        return jrun.call("--systemd-cgroup", "create", "--bundle", bundle.path(), id);
    }

    private Execution run(Bundle bundle, String id) {
        return jrun.call("--systemd-cgroup", "run", "--detach", "--bundle", bundle.path(), id);
    }

    private Bundle sleeping() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    private static String cgroup(String unit) {
        return show(unit, "ControlGroup");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--systemd-cgroup", "--cgroup-manager=systemd"})
    void aContainerIsAScopeAllItsLife(String option) throws IOException {
        String id = sandbox.newId();
        jrun.call(option, "create", "--bundle", sleeping().path(), id).succeeds();
        assertEquals(
                Map.of(
                        "ActiveState", "active",
                        "Description", "jrun container " + id,
                        "Slice", "system.slice",
                        "Delegate", "yes",
                        "ControlGroup", "/system.slice/" + unit(id)),
                show(unit(id), List.of("ActiveState", "Description", "Slice", "Delegate", "ControlGroup")));
        long pid = jrun.state(id).get("pid").asLong();
        assertEquals(
                "0::/system.slice/" + unit(id),
                Files.readString(Path.of("/proc/" + pid + "/cgroup")).strip());
        Path procs = Path.of("/sys/fs/cgroup", cgroup(unit(id)), "cgroup.procs");
        assertEquals(List.of(Long.toString(pid)), Files.readAllLines(procs));

        // From here on nobody says who has made its cgroup.
        jrun.call("start", id).succeeds();
        assertEquals(
                "0::/",
                jrun.call("exec", id, "cat", "/proc/self/cgroup")
                        .succeeds()
                        .output()
                        .strip());
        jrun.call("pause", id).succeeds();
        assertEquals("paused", jrun.status(id));
        jrun.call("resume", id).succeeds();
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        assertEquals("not-found", show(unit(id), "LoadState"));
    }

    @Test
    void theNameCanBeUsedAgainAtOnce() {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runsScript("exit 3");
        for (int i = 0; i < 4; i++) {
            Execution run = jrun.call("--systemd-cgroup", "run", "--bundle", bundle.path(), id);
            assertEquals(3, run.code(), run::toString);
            assertEquals("", run.errors());
        }
        bundle.runs("sleep", "1000");
        for (int i = 0; i < 3; i++) {
            run(bundle, id).succeeds();
            jrun.call("delete", "--force", id).succeeds();
        }
    }

    @Test
    void theLimitsAreInTheUnitAndInTheFiles() throws IOException {
        String id = sandbox.newId();
        create(sleeping().with("/linux/resources", EVERYTHING), id).succeeds();
        Map<String, String> settings = show(unit(id), SETTINGS);
        assertEquals("67108864", settings.get("MemoryMax"));
        assertEquals("67108864", settings.get("MemorySwapMax"));
        assertEquals("33554432", settings.get("MemoryLow"));
        assertEquals("100", settings.get("CPUWeight"));
        assertEquals("250ms", settings.get("CPUQuotaPerSecUSec"));
        assertEquals("200ms", settings.get("CPUQuotaPeriodUSec"));
        assertEquals("0", settings.get("AllowedCPUs"));
        assertEquals("0", settings.get("AllowedMemoryNodes"));
        assertEquals("64", settings.get("TasksMax"));
        assertEquals("strict", settings.get("DevicePolicy"));
        assertTrue(settings.get("DeviceAllow").contains("/dev/char/4:64 rw"), settings.get("DeviceAllow"));
        Path directory = Path.of("/sys/fs/cgroup", cgroup(unit(id)));
        assertEquals(
                "67108864", Files.readString(directory.resolve("memory.max")).strip());
        assertEquals(
                "50000 200000", Files.readString(directory.resolve("cpu.max")).strip());
        assertEquals("64", Files.readString(directory.resolve("pids.max")).strip());
        // One that systemd does not know.
        assertTrue(Files.readString(directory.resolve("cgroup.controllers")).contains("hugetlb"));

        // systemd reads everything anew, and leaves the limits as they are.
        systemctl("daemon-reload").succeeds();
        assertEquals(settings, show(unit(id), SETTINGS));
        assertEquals(
                "50000 200000", Files.readString(directory.resolve("cpu.max")).strip());
    }

    @Test
    void anUpdateIsInTheUnitAndInTheFilesOrInNeither() throws IOException {
        String id = sandbox.newId();
        run(sleeping().with("/linux/resources", EVERYTHING), id).succeeds();
        Path directory = Path.of("/sys/fs/cgroup", cgroup(unit(id)));
        jrun.call(
                        "update",
                        "--memory",
                        "50331648",
                        "--memory-swap",
                        "50331648",
                        "--cpu-quota",
                        "30000",
                        "--pids-limit",
                        "32",
                        id)
                .succeeds();
        Map<String, String> settings = show(unit(id), SETTINGS);
        assertEquals("50331648", settings.get("MemoryMax"));
        assertEquals("0", settings.get("MemorySwapMax"));
        assertEquals("32", settings.get("TasksMax"));
        // Of the period that it had.
        assertEquals("150ms", settings.get("CPUQuotaPerSecUSec"));
        systemctl("daemon-reload").succeeds();
        assertEquals(
                "30000 200000", Files.readString(directory.resolve("cpu.max")).strip());
        assertEquals(
                "50331648", Files.readString(directory.resolve("memory.max")).strip());

        jrun.call("update", "--memory", "60000000", "--memory-swap", "60000000", "--cpuset-cpus", "777", id)
                .failsWith("cpus");
        assertEquals(settings, show(unit(id), SETTINGS));
        assertEquals(
                "50331648", Files.readString(directory.resolve("memory.max")).strip());
        assertEquals(
                "30000 200000", Files.readString(directory.resolve("cpu.max")).strip());

        Path document = Files.writeString(directory().resolve("resources"), """
                {"memory": {"limit": 40000000, "swap": 40000000}, "unified": {"memory.nothing": "1"}}""");
        jrun.call("update", "--resources", document.toString(), id).failsWith("memory.nothing");
        assertEquals(settings, show(unit(id), SETTINGS));
    }

    private Path directory() {
        return sandbox.directory();
    }

    private Execution update(String id, String resources) throws IOException {
        Path document = Files.writeString(directory().resolve("resources"), resources);
        return jrun.call("update", "--resources", document.toString(), id);
    }

    /** systemd has one property for a weight and for being idle. */
    @Test
    void whoIsIdleNoLongerIsNotToSystemdEither() throws IOException {
        String id = sandbox.newId();
        run(sleeping().with("/linux/resources", EVERYTHING), id).succeeds();
        Path idle = Path.of("/sys/fs/cgroup", cgroup(unit(id)), "cpu.idle");
        for (String resources : List.of("{\"unified\": {\"cpu.idle\": \"%s\"}}", "{\"cpu\": {\"idle\": %s}}")) {
            update(id, resources.formatted("1")).succeeds();
            assertEquals("idle", show(unit(id), "CPUWeight"));
            update(id, resources.formatted("0")).succeeds();
            // The kernel has forgotten what it was before.
            assertEquals("100", show(unit(id), "CPUWeight"));
            systemctl("daemon-reload").succeeds();
            assertEquals("0", Files.readString(idle).strip());
        }
    }

    @Test
    void limitsOfInputAndOutputThatAreNamedAsFilesAreInTheUnit() throws IOException {
        String id = sandbox.newId();
        run(sleeping().with("/linux/resources", EVERYTHING), id).succeeds();
        update(id, "{\"unified\": {\"io.bfq.weight\": \"300\"}}").succeeds();
        assertEquals("2300", show(unit(id), "IOWeight"));
        systemctl("daemon-reload").succeeds();
        assertEquals(
                "default 300",
                Files.readString(Path.of("/sys/fs/cgroup", cgroup(unit(id)), "io.bfq.weight"))
                        .strip());
    }

    /** As an engine leaves it that is killed when it has told systemd: the files and the properties are put back. */
    @Test
    void anUpdateThatWasCutOffIsTakenBackInTheUnit() throws IOException {
        String id = sandbox.newId();
        run(sleeping().with("/linux/resources", EVERYTHING), id).succeeds();
        Map<String, String> before = show(unit(id), SETTINGS);
        Path tasks = Path.of("/sys/fs/cgroup", cgroup(unit(id)), "pids.max");
        systemctl("set-property", "--runtime", unit(id), "TasksMax=5", "MemoryMax=50000000", "DevicePolicy=auto")
                .succeeds();
        assertEquals("5", Files.readString(tasks).strip());
        Files.writeString(
                jrun.root().resolve(id).resolve("update.undo"),
                "{}\n{\"file\":\"" + tasks + "\",\"value\":\"64\"}\n"
                        + "{\"manager\":\"TasksMax @t 64\\nMemoryMax @t 67108864\\nDevicePolicy @s 'strict'\\n\"}\n");
        jrun.call("update", "--blkio-weight", "500", id).succeeds();
        assertEquals(before, show(unit(id), SETTINGS));
        assertEquals("64", Files.readString(tasks).strip());
        assertTrue(Files.notExists(jrun.root().resolve(id).resolve("update.undo")));
    }

    /** The same configuration by others. What differs is here with its reason; everything else is the same. */
    @ParameterizedTest
    @CsvSource({"runc", "crun"})
    void theUnitIsTheSameAsByOthers(String other) {
        OciRuntime runtime = sandbox.installed(other).orElseGet(() -> {
            Programs.skipUnless(false, other + " is not installed");
            throw new AssertionError();
        });
        Bundle bundle = sleeping().with("/linux/resources", EVERYTHING).with("/ociVersion", "\"1.0.2\"");
        String ours = sandbox.newId();
        String theirs = sandbox.newId();
        bundle.with("/linux/cgroupsPath", "\"jrunit-x.slice:jrun:" + ours + "\"");
        create(bundle, ours).succeeds();
        bundle.with("/linux/cgroupsPath", "\"jrunit-x.slice:jrun:" + theirs + "\"");
        runtime.call("--systemd-cgroup", "create", "--bundle", bundle.path(), theirs)
                .succeeds();
        try {
            Map<String, String> expected = show(unit(theirs), SETTINGS);
            Map<String, String> found = show(unit(ours), SETTINGS);
            // A scope whose memory ran out would stay until somebody resets it; jrun has systemd forget it.
            expected.put("CollectMode", "inactive-or-failed");
            // runc and crun allow what every container may do to more devices: each has lists of its own.
            expected.put("DeviceAllow", found.get("DeviceAllow"));
            if (other.equals("runc")) {
                // runc has no property for it, so that systemd writes its default over the file when it looks at the
                // unit anew.
                expected.put("IOWeight", found.get("IOWeight"));
                // Before 1.3.2, it makes 39 of the default of 1024.
                expected.put("CPUWeight", found.get("CPUWeight"));
            } else {
                // crun 1.8 tells systemd of no limit, and switches on what there are limits for.
                for (String name : LIMITS) {
                    expected.put(name, found.get(name));
                }
            }
            assertEquals(expected, found);
        } finally {
            runtime.call("delete", "--force", theirs);
        }
    }

    @Test
    void slicesAreMadeAndLeftToSystemd() {
        String id = sandbox.newId();
        create(sleeping().with("/linux/cgroupsPath", "\"jrunit-a-b.slice:web:" + id + "\""), id)
                .succeeds();
        String unit = "web-" + id + ".scope";
        assertEquals("/jrunit.slice/jrunit-a.slice/jrunit-a-b.slice/" + unit, cgroup(unit));
        assertEquals("jrunit-a-b.slice", show(unit, "Slice"));
        assertTrue(isActive("jrunit-a.slice"));
        jrun.call("delete", "--force", id).succeeds();
        assertEquals("not-found", show(unit, "LoadState"));
        assertTrue(isActive("jrunit-a-b.slice"));
        assertEquals(0, show("jrunit-a-b.slice", "TasksCurrent").compareTo("0"));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, slice:prefix:name",
        "a:b, slice:prefix:name",
        "a.service:b:c, does not end in .slice",
        "a--b.slice:b:c, a dash that does not stand between two names"
    })
    void aPathForTheOtherDriverIsRefused(String path, String reason) {
        String id = sandbox.newId();
        Bundle bundle = sleeping().with("/linux/cgroupsPath", '"' + path + '"');
        create(bundle, id).failsWith("config.json#/linux/cgroupsPath: ", reason);
        jrun.call("--systemd-cgroup", "validate", "--bundle", bundle.path());
        jrun.call("validate", "--bundle", sleeping().path()).succeeds();
    }

    /** Nobody's unit is stopped, whatever it is called. */
    @Test
    void aUnitOfThatNameThatIsAnothersIsLeftAlone() throws IOException {
        String id = sandbox.newId();
        Process foreign = new ProcessBuilder("systemd-run", "--scope", "--quiet", "--unit", unit(id), "sleep", "1000")
                .inheritIO()
                .start();
        try {
            Eventually.isTrue("the other unit runs", () -> isActive(unit(id)));
            String invocation = show(unit(id), "InvocationID");
            create(sleeping(), id).failsWith("unit " + unit(id) + " already exists");
            jrun.call("delete", "--force", id).succeeds();
            assertTrue(foreign.isAlive());
            assertEquals(invocation, show(unit(id), "InvocationID"));
        } finally {
            foreign.destroyForcibly();
        }
        Eventually.isTrue(
                "the other unit ends", () -> show(unit(id), "LoadState").equals("not-found"));
        create(sleeping(), id).succeeds();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/process/args | [\"/no/such/program\"] | /no/such/program",
                "/linux/resources/cpu | {\"cpus\": \"777\"} | config.json#/linux/resources/cpu/cpus",
                "/linux/resources/unified | {\"memory.nothing\": \"1\"} | memory.nothing",
                "/mounts/0/destination | \"/bin/busybox/x\" | /mounts/0"
            })
    void aFailedCreateLeavesNoUnit(String pointer, String json, String reason) {
        String id = sandbox.newId();
        Bundle bundle = sleeping().with(pointer, json);
        Execution created = run(bundle, id);
        assertNotEquals(0, created.code());
        assertTrue(created.errors().contains(reason), created::toString);
        assertEquals("not-found", show(unit(id), "LoadState"));
        sandbox.assertNothingIsLeft();
    }

    /** Whoever comes between systemd and jrun has the create fail, or the delete; what he is in is never killed. */
    @Test
    void whoComesIntoAUnitBeforeItIsCompleteIsNotKilled() throws IOException, InterruptedException {
        boolean came = false;
        for (int i = 0; i < 10 && !came; i++) {
            String id = sandbox.newId();
            Process other = new ProcessBuilder(
                            "busybox",
                            "sh",
                            "-c",
                            "until echo $$ > /sys/fs/cgroup/system.slice/" + unit(id)
                                    + "/cgroup.procs; do :; done 2> /dev/null; exec sleep 1000")
                    .start();
            try {
                Execution created = create(sleeping(), id);
                came = created.code() != 0;
                if (came) {
                    assertTrue(created.errors().contains("1 process(es) found"), created::toString);
                    assertTrue(created.errors().contains("unit " + unit(id) + " is kept"), created::toString);
                } else {
                    Eventually.isTrue(
                            "the other is in the unit", () -> processes(id).contains(other.pid()));
                    jrun.call("delete", "--force", id).failsWith(Long.toString(other.pid()));
                }
                assertTrue(other.isAlive());
                assertTrue(isActive(unit(id)));
            } finally {
                other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            jrun.call("delete", "--force", id).succeeds();
            Eventually.isEqual("the unit", "not-found", () -> show(unit(id), "LoadState"));
        }
        assertTrue(came, "nobody came before a unit was complete");
    }

    private List<Long> processes(String id) {
        try {
            return Files.readAllLines(Path.of("/sys/fs/cgroup", cgroup(unit(id)), "cgroup.procs")).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The process that systemd's unit begins with does not count. */
    @Test
    void aContainerOfASingleProcessHasRoomForIt() throws IOException {
        String id = sandbox.newId();
        run(sleeping().with("/linux/resources/pids", "{\"limit\": 1}"), id).succeeds();
        assertEquals("1", show(unit(id), "TasksMax"));
        assertEquals(
                "1",
                Files.readString(Path.of("/sys/fs/cgroup", cgroup(unit(id)), "pids.max"))
                        .strip());
    }

    @Test
    void annotationsArePropertiesAsFarAsTheyMayBe() {
        String id = sandbox.newId();
        Bundle bundle = sleeping();
        bundle.config()
                .putObject("annotations")
                .put("org.systemd.property.TimeoutStopSec", "uint64 7")
                .put("org.systemd.property.After", "['basic.target']")
                .put("org.systemd.property.Conflicts", "['jrunit-none.service']");
        bundle.with("/hostname", "\"x\"");
        Execution created = create(bundle, id).succeeds();
        assertTrue(created.errors().contains("to honour it, call jrun --allow-annotation org.systemd.property."));
        assertEquals("7s", show(unit(id), "TimeoutStopUSec"));
        assertTrue(show(unit(id), "After").contains("basic.target"));
        assertEquals("", show(unit(id), "Conflicts"));
        jrun.call("delete", "--force", id).succeeds();

        jrun.call(
                        "--allow-annotation",
                        "org.systemd.property.",
                        "--systemd-cgroup",
                        "create",
                        "--bundle",
                        bundle.path(),
                        id)
                .succeeds();
        assertEquals("jrunit-none.service", show(unit(id), "Conflicts"));
    }

    /** A manager of services in a container makes cgroups below its own. */
    @Test
    void whatIsDelegatedIsTheContainers() {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runsScript("""
                        cd /sys/fs/cgroup && mkdir init.scope work && echo 1 > init.scope/cgroup.procs &&
                        echo +memory +pids > cgroup.subtree_control && echo 10 > work/pids.max && cat work/pids.max &&
                        exec sleep 1000""").with("/root/readonly", "false");
        for (var mount : bundle.config().get("mounts")) {
            if (mount.get("type").asText().equals("cgroup")) {
                ((ObjectNode) mount)
                        .putArray("options")
                        .add("rw")
                        .add("nosuid")
                        .add("noexec")
                        .add("nodev");
            }
        }
        bundle.with("/hostname", "\"x\"");
        run(bundle, id).succeeds();
        Path below = Path.of("/sys/fs/cgroup", cgroup(unit(id)), "init.scope/cgroup.procs");
        Eventually.isTrue("it has moved", () -> Files.exists(below) && hasLine(below));
        jrun.call("exec", id, "cat", "/sys/fs/cgroup/work/pids.max").succeeds();
        systemctl("daemon-reload").succeeds();
        assertTrue(isActive(unit(id)));
        jrun.call("delete", "--force", id).succeeds();
        assertEquals("not-found", show(unit(id), "LoadState"));
    }

    private static boolean hasLine(Path file) {
        try {
            return !Files.readAllLines(file).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** What other processes are in it lives, as without systemd: `delete` says so. */
    @Test
    void whatSomebodyPutThereIsNotKilled() throws IOException, InterruptedException {
        String id = sandbox.newId();
        run(sleeping(), id).succeeds();
        Process other = new ProcessBuilder("sleep", "1000").start();
        Path procs = Path.of("/sys/fs/cgroup", cgroup(unit(id)), "cgroup.procs");
        try {
            Files.writeString(procs, Long.toString(other.pid()));
            jrun.call("delete", "--force", id).failsWith("device or resource busy", Long.toString(other.pid()));
            assertTrue(other.isAlive());
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void manyStartAtOnce() {
        int count = 50;
        Bundle bundle = sleeping();
        List<String> ids = new ArrayList<>();
        List<Execution.Started> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = sandbox.newId();
            ids.add(id);
            calls.add(jrun.start(
                    Path.of("/dev/null"), "--systemd-cgroup", "run", "--detach", "--bundle", bundle.path(), id));
        }
        calls.forEach(call -> call.await(180).succeeds());
        assertEquals(count, activeUnits());
        List<Execution.Started> deletions = new ArrayList<>();
        for (String id : ids) {
            deletions.add(jrun.start(Path.of("/dev/null"), "delete", "--force", id));
        }
        deletions.forEach(call -> call.await(180).succeeds());
        assertEquals(0, activeUnits());
    }

    private static long activeUnits() {
        return systemctl("list-units", "--plain", "--no-legend", "--state=active", "jrun-jrun-it-*")
                .succeeds()
                .lines()
                .size();
    }

    /** The engine keeps a connection; each of these ends it, some in the middle of a call. */
    @ParameterizedTest
    @ValueSource(strings = {"restart dbus.service", "daemon-reexec"})
    void nothingIsLostWhenTheBusOrSystemdStartsAnew(String command) {
        Bundle bundle = sleeping();
        String before = sandbox.newId();
        run(bundle, before).succeeds();
        List<Execution.Started> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(jrun.start(
                    Path.of("/dev/null"),
                    "--systemd-cgroup",
                    "run",
                    "--detach",
                    "--bundle",
                    bundle.path(),
                    sandbox.newId()));
            if (i == 2) {
                systemctl(command.split(" ")).succeeds();
            }
        }
        calls.forEach(call -> call.await(120).succeeds());
        assertEquals(7, activeUnits());
        assertTrue(isActive(unit(before)));
        Execution.Started deletion = jrun.start(Path.of("/dev/null"), "delete", "--force", before);
        systemctl(command.split(" ")).succeeds();
        deletion.await(120).succeeds();
        Eventually.isTrue(
                "its unit is gone", () -> show(unit(before), "LoadState").equals("not-found"));
    }

    /** A bus that does not answer: root asks systemd itself. */
    @Test
    void aBusThatIsStoppedKeepsNobody() throws IOException {
        String pid = show("dbus.service", "MainPID");
        jrun.call("engine", "stop");
        Bundle bundle = sleeping();
        String id = sandbox.newId();
        Execution.of(new ProcessBuilder("kill", "-STOP", pid)).succeeds();
        try {
            jrun.start(Path.of("/dev/null"), "--systemd-cgroup", "run", "--detach", "--bundle", bundle.path(), id)
                    .await(60)
                    .succeeds();
            jrun.start(Path.of("/dev/null"), "delete", "--force", id).await(60).succeeds();
        } finally {
            Execution.of(new ProcessBuilder("kill", "-CONT", pid)).succeeds();
        }
        assertFalse(isActive(unit(id)));
    }

    @Test
    void callsThatAreKilledLeaveNothingThatDeleteCannotRemove() throws InterruptedException {
        Bundle bundle = sleeping();
        for (int i = 0; i < 12; i++) {
            String id = sandbox.newId();
            Execution.Started call = jrun.start(
                    Path.of("/dev/null"), "--systemd-cgroup", "run", "--detach", "--bundle", bundle.path(), id);
            call.process().waitFor(60L * i, TimeUnit.MILLISECONDS);
            call.process().destroyForcibly().waitFor();
            jrun.call("delete", "--force", id).succeeds();
            Eventually.isEqual("unit " + i, "not-found", () -> show(unit(id), "LoadState"));
        }
    }

    /** systemd takes a zombie for a process, never hears that there is none, and would have the unit for ever. */
    @Test
    void theNameOfAUnitThatNeverHadAProcessIsFree() throws IOException, InterruptedException {
        String id = sandbox.newId();
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 1000").start();
        try {
            String zombie = parent.inputReader().readLine();
            Eventually.isTrue("it has ended", () -> isZombie(zombie));
            Execution.of(new ProcessBuilder(
                            "busctl",
                            "call",
                            "org.freedesktop.systemd1",
                            "/org/freedesktop/systemd1",
                            "org.freedesktop.systemd1.Manager",
                            "StartTransientUnit",
                            "ssa(sv)a(sa(sv))",
                            unit(id),
                            "fail",
                            "1",
                            "PIDs",
                            "au",
                            "1",
                            zombie,
                            "0"))
                    .succeeds();
            Eventually.isTrue("the unit is there, and stays", () -> isActive(unit(id)));
            run(sleeping(), id).succeeds();
            assertEquals("jrun container " + id, show(unit(id), "Description"));
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    private static boolean isZombie(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void enginesThatAreKilledLeaveNothingThatDeleteCannotRemove() throws InterruptedException {
        Bundle bundle = sleeping();
        for (int i = 0; i < 8; i++) {
            String id = sandbox.newId();
            String status = jrun.call("engine", "status").output();
            Execution.Started call = jrun.start(
                    Path.of("/dev/null"), "--systemd-cgroup", "run", "--detach", "--bundle", bundle.path(), id);
            call.process().waitFor(80L * i, TimeUnit.MILLISECONDS);
            String engine = status.replaceAll("(?s).*pid (\\d+).*", "$1");
            if (engine.matches("\\d+")) {
                Execution.of(new ProcessBuilder("kill", "-KILL", engine));
            }
            call.await(120);
            jrun.call("delete", "--force", id).succeeds();
            Eventually.isEqual("unit " + i, "not-found", () -> show(unit(id), "LoadState"));
        }
    }
}
