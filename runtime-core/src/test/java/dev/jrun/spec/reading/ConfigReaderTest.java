// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.json.JsonText;
import dev.jrun.kernel.ResourceLimit;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Config;
import dev.jrun.spec.Device;
import dev.jrun.spec.Fixtures;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.IoPriority;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Linux.IntelRdt;
import dev.jrun.spec.Linux.MemoryPolicy;
import dev.jrun.spec.Linux.NetDevice;
import dev.jrun.spec.Linux.Personality;
import dev.jrun.spec.Linux.TimeOffset;
import dev.jrun.spec.Linux.TimeOffsets;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import dev.jrun.spec.Process.ConsoleSize;
import dev.jrun.spec.Process.ExecCpuAffinity;
import dev.jrun.spec.Propagation;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.Cpu;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.HugepageLimit;
import dev.jrun.spec.Resources.InterfacePriority;
import dev.jrun.spec.Resources.Memory;
import dev.jrun.spec.Resources.Network;
import dev.jrun.spec.Resources.Rdma;
import dev.jrun.spec.Resources.ThrottleDevice;
import dev.jrun.spec.Resources.WeightDevice;
import dev.jrun.spec.Rlimit;
import dev.jrun.spec.Root;
import dev.jrun.spec.Scheduler;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    static List<String> captured() {
        return Fixtures.documents("captured").stream()
                .filter(path -> !path.contains("exec-process"))
                .toList();
    }

    static List<String> invalid() {
        return Fixtures.documents("invalid");
    }

    @ParameterizedTest
    @MethodSource("captured")
    void aConfigOfARealClientHasNoProblems(String path) {
        Reading<Config> reading = ConfigReader.draftToRun(Fixtures.bytes(path)).reading();
        assertEquals(List.of(), reading.problems());
        assertEquals(List.of(), reading.warnings());
        assertTrue(reading.value().isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-rdma", "minimal-for-start", "minimal"})
    void aGoodDocumentOfTheSchemasTestsHasNoProblems(String name) {
        assertEquals(List.of(), lines(ConfigReader.read(schemaTest("good/" + name))));
    }

    @Test
    void aGoodDocumentOfTheSchemasTestsMayBeTooOldOrDangerous() {
        assertEquals(
                List.of("config.json#/ociVersion: found \"0.5.0-dev\"; allowed: a semantic version 1.x.y"),
                lines(ConfigReader.read(schemaTest("good/spec-example"))));
        assertEquals(
                List.of("config.json#/linux/netDevices: needs a namespace of type network in /linux/namespaces"),
                lines(ConfigReader.read(schemaTest("good/linux-netdevice"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            invalid-json    | config.json: line 1, column 2: not valid JSON: Unexpected close marker ']': expected '}'
            linux-hugepage  | config.json#/linux/resources/hugepageLimits/0/pageSize: found "64kB"; allowed: a size such as 64KB, 2MB or 1GB
            linux-netdevice | config.json#/linux/netDevices/eth0/name: found 23; allowed: a string
            linux-rdma      | config.json#/linux/resources/rdma/mlx5_1/hcaHandles: found "not a uint32"; allowed: a whole number from 0 to 4294967295
            """)
    void aBadDocumentOfTheSchemasTestsHasItsProblem(String name, String line) {
        assertTrue(lines(ConfigReader.read(schemaTest("bad/" + name))).contains(line));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void allProblemsAreReportedAtOnce(String path) {
        Reading<Config> reading = ConfigReader.read(Fixtures.bytes(path));
        String expected = Fixtures.text(path.replace(".json", ".problems"));
        assertEquals(expected, lines(reading).stream().map(line -> line + "\n").collect(Collectors.joining()));
        assertEquals(Optional.empty(), reading.value());
    }

    @Test
    void everyPropertyIsRead() {
        Reading<Config> reading =
                ConfigReader.draftToRun(Fixtures.bytes("valid/everything.json")).reading();
        assertEquals(List.of(), reading.problems());
        assertEquals(
                List.of("/linux/resources/memory/kernel"),
                reading.warnings().stream().map(Problem::pointer).toList());
        assertEquals(everything(), reading.value().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"valid/nulls.json", "valid/empty.json"})
    void nullsAndEmptyValuesAreAbsent(String path) {
        Config config = ConfigReader.read(Fixtures.bytes(path)).value().orElseThrow();
        Process process = new Process(
                false,
                Optional.empty(),
                User.ROOT,
                List.of(),
                List.of(),
                "/",
                Optional.empty(),
                List.of(),
                false,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                ExecCpuAffinity.NONE,
                Optional.empty(),
                Optional.empty());
        assertEquals(
                new Config(
                        config.ociVersion(),
                        Optional.of(process),
                        Optional.of(new Root("r", false)),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Hooks.NONE,
                        Annotations.NONE,
                        Linux.NONE),
                config);
    }

    @Test
    void aMinimalDocumentHasOnlyItsVersion() {
        assertEquals(
                Optional.of(new Config(
                        "1.0.0",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Hooks.NONE,
                        Annotations.NONE,
                        Linux.NONE)),
                read("{\"ociVersion\":\"1.0.0\"}").value());
    }

    @Test
    void absentAndEmptySetsOfCapabilitiesDiffer() {
        Capabilities capabilities = read("""
                {"ociVersion":"1.0.0","process":{"cwd":"/","capabilities":{"bounding":[],"ambient":null}}}""")
                .value()
                .flatMap(Config::process)
                .flatMap(Process::capabilities)
                .orElseThrow();
        assertEquals(Optional.of(List.of()), capabilities.bounding());
        assertEquals(Optional.empty(), capabilities.ambient());
        assertEquals(Optional.empty(), capabilities.effective());
    }

    @Test
    void whatOnlyRunningNeedsIsRequiredToRun() {
        String text = "{\"ociVersion\":\"1.0.0\"}";
        assertEquals(List.of(), read(text).problems());
        assertEquals(
                List.of(
                        "config.json#/root: found nothing; required: an object",
                        "config.json#/process: found nothing; required: an object",
                        "config.json#/linux/namespaces: a container needs a mount namespace of its own: add"
                                + " {\"type\": \"mount\"}"),
                lines(ConfigReader.draftToRun(bytes(text)).reading()));
        assertEquals(
                List.of("config.json#/process/args: found nothing; required: the program to run, and its arguments"),
                lines(ConfigReader.draftToRun(bytes("""
                                {"ociVersion":"1.0.0","root":{"path":"r"},"process":{"cwd":"/"},
                                 "linux":{"namespaces":[{"type":"mount"}]}}""")).reading()));
    }

    @Test
    void unknownPropertiesAreIgnored() {
        Reading<Config> reading = read("{\"ociVersion\":\"1.0.0\",\"windows\":{\"layerFolders\":[1]},\"x\":[[[{}]]]}");
        assertEquals(List.of(), reading.problems());
        assertEquals(List.of(), reading.warnings());
    }

    @Test
    void theConsolesSizeIsIgnoredWithoutATerminal() {
        String text = "{\"ociVersion\":\"1.0.0\",\"process\":{\"cwd\":\"/\",\"terminal\":%s,"
                + "\"consoleSize\":{\"height\":70000,\"width\":80}}}";
        assertEquals(List.of(), read(text.formatted(false)).problems());
        assertEquals(
                List.of(
                        "config.json#/process/consoleSize/height: found 70000; allowed: a whole number from 0 to 65535"),
                lines(read(text.formatted(true))));
    }

    @Test
    void oddButUsableValuesAreWarnedOf() {
        Reading<Config> reading = ConfigReader.read(Fixtures.bytes("valid/with-warnings.json"));
        assertEquals(List.of(), reading.problems());
        assertEquals(
                List.of(
                        "/process/Args",
                        "/process/noNewPrivilege",
                        "/mounts/0/destination",
                        "/mounts/1/options/1",
                        "/mounts/2/options/0",
                        "/linux/maskedPaths/0",
                        "/linux/personality/flags",
                        "/Hostname"),
                reading.warnings().stream().map(Problem::pointer).toList());
        assertEquals(Optional.empty(), reading.value().orElseThrow().hostname());
    }

    /** The specification has mounts taken so, and of what protects it is better that it does. */
    @Test
    void aRelativePathIsTakenForOneInTheRootWhereverItClimbs() {
        Reading<Config> reading = read("""
                {"ociVersion": "1.0.0",
                 "mounts": [{"destination": "dev/pts/../../x y", "type": "tmpfs"},
                            {"destination": "../../x", "type": "tmpfs"},
                            {"destination": "/../y/", "type": "tmpfs"}],
                 "linux": {"namespaces": [{"type": "mount"}],
                           "maskedPaths": ["proc/../proc/keys", "", "/../proc/keys"],
                           "readonlyPaths": ["../proc/sys"]}}
                """);
        assertEquals(List.of(), reading.problems());
        assertEquals(
                List.of(
                        "/mounts/0/destination: a relative path is deprecated, it is taken for /x y",
                        "/mounts/1/destination: a relative path is deprecated, it is taken for /x",
                        "/linux/maskedPaths/0: should be an absolute path, it is taken for /proc/keys",
                        "/linux/maskedPaths/1: empty, ignored",
                        "/linux/readonlyPaths/0: should be an absolute path, it is taken for /proc/sys"),
                reading.warnings().stream()
                        .map(warning -> warning.pointer() + ": " + warning.message())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"process\": {\"args\": [\"sh\"], \"cwd\": \"tmp\"}}",
                "{\"hooks\": {\"prestart\": [{\"path\": \"bin/true\"}]}}",
                "{\"linux\": {\"namespaces\": [{\"type\": \"network\", \"path\": \"proc/self/ns/net\"}]}}",
                "{\"linux\": {\"devices\": [{\"type\": \"p\", \"path\": \"dev/p\"}]}}",
                "{\"linux\": {\"devices\": [{\"type\": \"p\", \"path\": \"/dev/p/..\"}]}}"
            })
    void otherRelativePathsAreRefused(String member) {
        List<String> lines = lines(read("{\"ociVersion\": \"1.0.0\", " + member.substring(1)));
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(
                lines.getFirst().contains("allowed: an absolute path")
                        || lines.getFirst().contains("allowed: the absolute path of a file"),
                lines::toString);
    }

    @Test
    void aProblemHidesNoneThatDoesNotFollowFromIt() {
        Reading<Config> reading = read("""
                {"ociVersion": "1.0.0",
                 "process": {"cwd": "/", "scheduler": {"policy": "SCHED_OTHER", "flags": ["RESET"], "runtime": 5}},
                 "mounts": [{"destination": "/proc/x", "type": "bind", "source": 5, "options": ["rbind", 7, "nosiud"]},
                            {"destination": "/proc/y", "uidMappings": [{"size": -1}], "options": ["rbind"]},
                            {"destination": "/z", "type": "tmpfs", "source": 5, "options": ["ridmap=uids=@1-2-3"]},
                            {"destination": "/s", "type": "sysfs", "options": ["nosiud"]},
                            {"destination": "/t", "type": "tmpfs", "options": ["mode=700,gid=5"]}],
                 "linux": {"namespaces": [{"type": "user"}, {"type": "mount", "path": 1}],
                           "uidMappings": [{"containerID": 0, "hostID": 1, "size": 1}],
                           "gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}],
                           "sysctl": {"vm.swappiness": "1", "kernel.hostname": "a"},
                           "netDevices": {"a b": {}}}}
                """);
        assertEquals(
                List.of(
                        "/process/scheduler/flags/0",
                        "/process/scheduler/runtime",
                        "/mounts/0/source",
                        "/mounts/0/options/1",
                        "/mounts/0/destination",
                        "/mounts/0/options/2",
                        "/mounts/1/uidMappings/0/containerID",
                        "/mounts/1/uidMappings/0/hostID",
                        "/mounts/1/uidMappings/0/size",
                        "/mounts/1/destination",
                        "/mounts/1/source",
                        "/mounts/2/source",
                        "/mounts/2/options",
                        "/mounts/2/options/0",
                        "/mounts/3/options/0",
                        "/linux/namespaces/1/path",
                        "/linux/netDevices/a b",
                        "/linux/sysctl/vm.swappiness",
                        "/linux/sysctl/kernel.hostname"),
                reading.problems().stream().map(Problem::pointer).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"valid/mount-options.json", "valid/crun-mount-options.json"})
    void mountOptionsAreNotTakenForMisspelled(String document) {
        Reading<Config> reading = ConfigReader.read(Fixtures.bytes(document));
        assertEquals(List.of(), reading.problems());
        assertEquals(
                List.of(),
                reading.warnings().stream()
                        .filter(warning -> warning.suggestion().isPresent())
                        .toList());
    }

    @Test
    void theLastOfTwoMembersWithTheSameNameCounts() {
        assertEquals(
                "1.1.0",
                read("{\"ociVersion\":\"1.0.0\",\"ociVersion\":\"1.1.0\"}")
                        .value()
                        .orElseThrow()
                        .ociVersion());
    }

    @Test
    void aDocumentThatIsNoObjectIsRefused() {
        assertEquals(List.of("config.json: found []; allowed: an object"), lines(read("[]")));
    }

    @Test
    void fiveThousandMountsAreRead() {
        String mounts = IntStream.range(0, 5_000)
                .mapToObj(i -> "{\"destination\":\"/mnt/%d\",\"type\":\"tmpfs\",\"options\":[\"ro\",\"size=%dk\"]}"
                        .formatted(i, i))
                .collect(Collectors.joining(","));
        Config config = assertTimeout(
                Duration.ofSeconds(10),
                () -> read("{\"ociVersion\":\"1.0.0\",\"mounts\":[" + mounts + "]}")
                        .value()
                        .orElseThrow());
        assertEquals(5_000, config.mounts().size());
        assertEquals("/mnt/4999", config.mounts().getLast().destination());
    }

    @Test
    void aDocumentOf16MebibytesIsRead() {
        String start = "{\"ociVersion\":\"1.0.0\",\"annotations\":{\"a\":\"";
        String end = "\"}}";
        int length = JsonText.MAX_BYTES - start.length() - end.length();
        Config config = read(start + "x".repeat(length) + end).value().orElseThrow();
        assertEquals(length, config.annotations().all().get("a").length());
        assertEquals(
                List.of("config.json: it has 16777217 bytes; allowed: at most 16777216"),
                lines(read(start + "x".repeat(length + 1) + end)));
    }

    @Test
    void manyProblemsAreCountedButNotListed() {
        String mounts = String.join(",", Collections.nCopies(100_000, "1"));
        List<String> lines = lines(read("{\"ociVersion\":\"1.0.0\",\"mounts\":[" + mounts + "]}"));
        assertEquals(101, lines.size());
        assertEquals("config.json#/mounts/99: found 1; allowed: an object", lines.get(99));
        assertEquals("config.json: it has 99900 more problems", lines.get(100));
    }

    @Test
    void manyWarningsAreCountedButNotListed() {
        String mounts = String.join(",", Collections.nCopies(1_000, "{\"destination\":\"m\",\"type\":\"tmpfs\"}"));
        Reading<Config> reading = read("{\"ociVersion\":\"1.0.0\",\"mounts\":[" + mounts + "]}");
        assertEquals(101, reading.warnings().size());
        assertEquals(
                "config.json: it has 900 more warnings",
                reading.warnings().getLast().in("config.json"));
    }

    @Test
    void deepNestingIsRefused() {
        assertEquals(
                List.of("config.json: line 1, column 1027: nested too deep; allowed: 1000 levels"),
                lines(read("{\"ociVersion\":\"1.0.0\", \"a\":" + "[".repeat(100_000))));
    }

    @Test
    void deepNestingOfAnUnknownPropertyIsIgnored() {
        assertEquals(
                List.of(), lines(read("{\"ociVersion\":\"1.0.0\",\"a\":" + "[".repeat(999) + "]".repeat(999) + "}")));
    }

    private static Config everything() {
        return new Config(
                "1.3.0",
                Optional.of(process()),
                Optional.of(new Root("rootfs", true)),
                Optional.of("host"),
                Optional.of("domain"),
                List.of(new Mount(
                        "/data",
                        Optional.of("none"),
                        Optional.of("data"),
                        MountOptions.of(List.of("rbind", "rro", "ridmap")),
                        List.of(new IdMapping(0, 1000, 1)),
                        List.of(new IdMapping(0, 2000, 2)))),
                new Hooks(
                        hook("prestart"),
                        hook("createRuntime"),
                        hook("createContainer"),
                        hook("startContainer"),
                        hook("poststart"),
                        hook("poststop")),
                Annotations.of(map("org.example.key", "value", "empty", "")),
                linux());
    }

    private static Process process() {
        return new Process(
                true,
                Optional.of(new ConsoleSize(24, 80)),
                new User(1000, 4294967294L, OptionalInt.of(077), List.of(5L, 6L)),
                List.of("sh", "-c", "exit"),
                List.of("PATH=/bin", "EMPTY="),
                "/tmp",
                Optional.of(new Capabilities(
                        Optional.of(List.of("CAP_KILL")),
                        Optional.of(List.of()),
                        Optional.empty(),
                        Optional.of(List.of("CAP_KILL", "CAP_CHOWN")),
                        Optional.of(List.of("CAP_FROM_THE_FUTURE")))),
                List.of(new Rlimit(ResourceLimit.RLIMIT_NOFILE, 1024, -1)),
                true,
                OptionalInt.of(-500),
                Optional.of(new Scheduler(
                        Scheduler.Policy.SCHED_DEADLINE,
                        -3,
                        0,
                        List.of(Scheduler.Flag.SCHED_FLAG_RECLAIM),
                        1024,
                        2048,
                        Long.MAX_VALUE)),
                Optional.of(new IoPriority(IoPriority.IoClass.IOPRIO_CLASS_BE, 4)),
                new ExecCpuAffinity(Optional.of("0-1"), Optional.of("2")),
                Optional.of("profile"),
                Optional.of("label"));
    }

    private static List<Hook> hook(String name) {
        String program = name.toLowerCase(Locale.ROOT);
        return List.of(new Hook(
                "/usr/bin/" + program, List.of(program, "-v"), Optional.of(List.of("A=b")), OptionalLong.of(5)));
    }

    private static Linux linux() {
        SequencedMap<String, NetDevice> netDevices = new LinkedHashMap<>();
        netDevices.put("eth0", new NetDevice(Optional.of("c0")));
        netDevices.put("eth1", new NetDevice(Optional.empty()));
        return new Linux(
                Stream.concat(
                                Stream.of(
                                                Namespace.Type.PID,
                                                Namespace.Type.MOUNT,
                                                Namespace.Type.IPC,
                                                Namespace.Type.UTS,
                                                Namespace.Type.USER,
                                                Namespace.Type.CGROUP,
                                                Namespace.Type.TIME)
                                        .map(type -> new Namespace(type, Optional.empty())),
                                Stream.of(new Namespace(Namespace.Type.NETWORK, Optional.of("/run/netns/a"))))
                        .toList(),
                List.of(new IdMapping(0, 100000, 65536)),
                List.of(new IdMapping(0, 200000, 65536)),
                new TimeOffsets(Optional.of(new TimeOffset(-5, 999_999_999)), Optional.of(new TimeOffset(7, 0))),
                List.of(
                        new Device(
                                Device.Type.CHARACTER,
                                "/dev/fuse",
                                10,
                                229,
                                OptionalInt.of(0666),
                                OptionalLong.of(1),
                                OptionalLong.of(2)),
                        device(Device.Type.FIFO, "/dev/pipe", 0, 0),
                        device(Device.Type.CHARACTER, "/dev/u", 1, 3),
                        device(Device.Type.BLOCK, "/dev/sda", 8, 0)),
                netDevices,
                Optional.of("/a/b"),
                resources(),
                Optional.of(Propagation.RSLAVE),
                Optional.of(new Seccomp(
                        Seccomp.Action.SCMP_ACT_ERRNO,
                        OptionalLong.of(38),
                        List.of(Seccomp.Arch.SCMP_ARCH_X86_64),
                        Optional.of(List.of()),
                        Optional.of("/run/l"),
                        Optional.of("m"),
                        List.of(new Seccomp.Rule(
                                List.of("read", "write"),
                                Seccomp.Action.SCMP_ACT_ERRNO,
                                OptionalLong.of(1),
                                List.of(new Seccomp.Arg(5, -1, 2, Seccomp.Operator.SCMP_CMP_MASKED_EQ)))))),
                map("net.ipv4.ip_forward", "1", "kernel/msgmax", "2"),
                List.of("/proc/kcore"),
                List.of("/proc/sys"),
                Optional.of("mount"),
                Optional.of(new Personality(Personality.Domain.LINUX32, List.of())),
                Optional.of(new IntelRdt(
                        Optional.of("c"), List.of("L3:0=f"), Optional.of("L3:0=f"), Optional.of("MB:0=20"), true)),
                Optional.of(new MemoryPolicy(
                        MemoryPolicy.Mode.MPOL_BIND,
                        Optional.of("0"),
                        List.of(MemoryPolicy.Flag.MPOL_F_STATIC_NODES))));
    }

    private static Device device(Device.Type type, String path, long major, long minor) {
        return new Device(type, path, major, minor, OptionalInt.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    private static Resources resources() {
        SequencedMap<String, Rdma> rdma = new LinkedHashMap<>();
        rdma.put("mlx5_1", new Rdma(OptionalLong.of(3), OptionalLong.of(10000)));
        return new Resources(
                List.of(
                        new DeviceRule(false, DeviceRule.Type.ALL, OptionalLong.empty(), OptionalLong.empty(), "rwm"),
                        new DeviceRule(
                                true, DeviceRule.Type.CHARACTER, OptionalLong.of(10), OptionalLong.empty(), "rw")),
                new Memory(
                        OptionalLong.of(1),
                        OptionalLong.of(2),
                        OptionalLong.of(3),
                        OptionalLong.of(4),
                        OptionalLong.of(5),
                        OptionalLong.of(6),
                        true,
                        true,
                        true),
                new Cpu(
                        OptionalLong.of(1),
                        OptionalLong.of(5),
                        OptionalLong.of(3),
                        OptionalLong.of(4),
                        OptionalLong.of(5),
                        OptionalLong.of(6),
                        Optional.of("0-3"),
                        Optional.of("0"),
                        OptionalLong.of(1)),
                OptionalLong.of(99),
                new BlockIO(
                        OptionalInt.of(10),
                        OptionalInt.of(20),
                        List.of(new WeightDevice(8, 1, OptionalInt.of(30), OptionalInt.of(40))),
                        List.of(new ThrottleDevice(8, 0, 1)),
                        List.of(new ThrottleDevice(8, 0, 2)),
                        List.of(new ThrottleDevice(8, 0, 3)),
                        List.of(new ThrottleDevice(8, 0, 4))),
                List.of(new HugepageLimit("2MB", Long.MIN_VALUE)),
                new Network(OptionalLong.of(1048577), List.of(new InterfacePriority("eth0", 500))),
                rdma,
                map("memory.high", "max"));
    }

    private static SequencedMap<String, String> map(String... namesAndValues) {
        SequencedMap<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static List<String> lines(Reading<Config> reading) {
        return reading.problems().stream()
                .map(problem -> problem.in("config.json"))
                .toList();
    }

    private static Reading<Config> read(String text) {
        return ConfigReader.read(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] schemaTest(String name) {
        return Fixtures.bytes("oci-runtime-schema/test/config/" + name + ".json");
    }
}
