// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.call.Affinity;
import dev.jrun.kernel.call.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a container's process is run: scheduling, priorities, memory, and what else {@code process} has besides who it
 * is.
 */
class ProcessIT extends RealContainers {

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    /** nice, rt_priority and policy of /proc/PID/stat: fields 19, 40 and 41, proc_pid_stat(5). */
    private static final String SCHEDULING = "cut -d ' ' -f 19,40,41 /proc/self/stat";

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"policy": "SCHED_OTHER", "nice": -7}    | -7 0 0
            {"policy": "SCHED_BATCH", "nice": 11}    | 11 0 3
            {"policy": "SCHED_IDLE"}                 | 0 0 5
            {"policy": "SCHED_BATCH", "nice": 4, "flags": ["SCHED_FLAG_KEEP_POLICY"]} | 4 0 0
            {"policy": "SCHED_OTHER", "nice": 4, "flags": ["SCHED_FLAG_KEEP_PARAMS"]} | 0 0 0
            {"policy": "SCHED_DEADLINE", "flags": ["SCHED_FLAG_RESET_ON_FORK"], "runtime": 100000, "deadline": 10000000} | 0 0 6
            """)
    void isScheduledAsAskedFor(String scheduler, String found) {
        assertEquals(found + "\n", run(scheduled(scheduler)).succeeds().output());
    }

    /** Flags, runtime, deadline and period of {@code struct sched_attr}, sched_setattr(2). */
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"deadline": 10000000}                                    | 0 100000 10000000 10000000
            {"deadline": 10000000, "period": 20000000, "flags": ["SCHED_FLAG_RECLAIM"]} | 2 100000 10000000 20000000
            {"deadline": 10000000, "flags": ["SCHED_FLAG_DL_OVERRUN"]} | 4 100000 10000000 10000000
            {"deadline": 30000000, "flags": ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_DL_OVERRUN"]} | 5 100000 30000000 30000000
            """)
    void hasTheDeadlinesAskedFor(String scheduler, String found) {
        Programs.need("perl");
        String more = scheduler.replace("{", "{\"policy\": \"SCHED_DEADLINE\", \"runtime\": 100000, ");
        Bundle bundle = sandbox.bundle().with("/process/scheduler", more).runs("sleep", "1000");
        String id = sandbox.newId();

        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();

        String call = System.getProperty("os.arch").equals("amd64") ? "315" : "275";
        String script = "my $attributes = chr(0) x 48; syscall(%s, %d, $attributes, 48, 0) == 0 or die $!;"
                + " print join ' ', (unpack 'L2 Q l L Q3', $attributes)[2, 5..7]";
        assertEquals(
                found,
                Programs.run(
                                "perl",
                                "-e",
                                script.formatted(call, jrun.state(id).get("pid").asLong()))
                        .output());
        jrun.call("delete", "--force", id).succeeds();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"policy": "SCHED_FIFO", "priority": 30} | 0 30 1
            {"policy": "SCHED_RR", "priority": 1}    | 0 1 2
            {"policy": "SCHED_FIFO", "priority": 99, "flags": ["SCHED_FLAG_RESET_ON_FORK"]} | 0 99 1
            """)
    void isScheduledInRealTime(String scheduler, String found) {
        needRealTime();

        assertEquals(found + "\n", run(scheduled(scheduler)).succeeds().output());
    }

    private Bundle scheduled(String scheduler) {
        return sandbox.bundle()
                .with("/process/scheduler", scheduler)
                .runs("cut", "-d", " ", "-f", "19,40,41", "/proc/self/stat");
    }

    /** A kernel with CONFIG_RT_GROUP_SCHED gives the cgroups of v1 no real time unless it is asked to. */
    private void needRealTime() {
        Programs.skipUnless(
                !Files.exists(view().cgroups().resolve("cpu/cpu.rt_runtime_us")),
                "a cgroup of v1 has no real time: ProcessOnUnifiedIT tests it");
    }

    @ParameterizedTest
    @CsvSource({
        "IOPRIO_CLASS_RT, 2, realtime: prio 2",
        "IOPRIO_CLASS_BE, 7, best-effort: prio 7",
        "IOPRIO_CLASS_IDLE, 0, idle"
    })
    void hasItsIoPriority(String ioClass, int priority, String found) {
        Bundle bundle = sandbox.bundle()
                .with("/process/ioPriority", "{\"class\": \"" + ioClass + "\", \"priority\": " + priority + "}")
                .runsScript("ionice -p 1; ionice");

        assertEquals(found + "\n" + found + "\n", run(bundle).succeeds().output());
    }

    @Test
    void hasItsExecutionDomain() {
        Bundle bundle = sandbox.bundle().with("/linux/personality", "{\"domain\": \"LINUX32\"}");

        assertEquals("i686\n", run(bundle.runs("uname", "-m")).succeeds().output());
        assertEquals(
                "00000008\n",
                run(bundle.runs("cat", "/proc/self/personality")).succeeds().output());
    }

    @Test
    void hasTheLinuxDomainEvenIfItsCallerHasAnother() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/personality", "{\"domain\": \"LINUX\"}")
                .runs("uname", "-m");
        List<String> prefix = List.of("setarch", "i686", "--addr-no-randomize");
        var other = new OciRuntime("jrun", prefix, jrun.program(), jrun.root());
        Programs.need("setarch");

        assertEquals(
                System.getProperty("os.arch").equals("amd64") ? "x86_64\n" : "aarch64\n",
                other.call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"mode": "MPOL_DEFAULT"}                | default
            {"mode": "MPOL_BIND", "nodes": "0"}     | bind:0
            {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]} | bind=static:0
            {"mode": "MPOL_PREFERRED", "nodes": "0", "flags": ["MPOL_F_RELATIVE_NODES"]} | prefer=relative:0
            {"mode": "MPOL_INTERLEAVE", "nodes": "0"} | interleave:0
            {"mode": "MPOL_LOCAL"}                  | local
            {"mode": "MPOL_PREFERRED"}              | local
            """)
    void hasItsMemoryPolicy(String policy, String found) {
        Programs.skipUnless(Files.exists(Path.of("/proc/self/numa_maps")), "this kernel has no NUMA");
        Bundle bundle = sandbox.bundle()
                .with("/linux/memoryPolicy", policy)
                .runsScript(
                        "sed -E 's/^[0-9a-f]+ //; s/ (file|heap|stack|huge|anon|mapped|dirty).*//' /proc/self/numa_maps | sort -u");

        assertEquals(found + "\n", run(bundle).succeeds().output());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            5.15 | {"mode": "MPOL_PREFERRED_MANY", "nodes": "0"}      | prefer (many):0
            5.15 | {"mode": "MPOL_PREFERRED_MANY", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]} | prefer (many)=static:0
            6.9  | {"mode": "MPOL_WEIGHTED_INTERLEAVE", "nodes": "0"} | weighted interleave:0
            """)
    void hasItsMemoryPolicyOfANewerKernel(String kernel, String policy, String found) {
        Programs.needKernel(kernel);

        hasItsMemoryPolicy(policy, found);
    }

    @Test
    void aNodeThatIsNotThereIsAnError() {
        Bundle bundle = sandbox.bundle().with("/linux/memoryPolicy", "{\"mode\": \"MPOL_BIND\", \"nodes\": \"1000\"}");

        run(bundle).failsWith("config.json#/linux/memoryPolicy: ", "invalid argument");
    }

    @Test
    void hasItsOomScoreAndTheShimItsOwn() throws IOException {
        Bundle bundle = sandbox.bundle().with("/process/oomScoreAdj", "321").runsScript("""
                        cat /proc/1/oom_score_adj; echo started; exec sleep 1000""");
        String id = sandbox.newId();

        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isEqual("says", "321\nstarted\n", run::outputSoFar);

        assertEquals(
                Files.readString(Path.of("/proc/self/oom_score_adj")),
                Files.readString(Path.of("/proc/" + run.pid() + "/oom_score_adj")));
        jrun.call("kill", id, "KILL").succeeds();
        run.await();
    }

    @Test
    void theCallersOomScoreIsInheritedIfNoneIsAskedFor() {
        Bundle bundle = sandbox.bundle().runs("cat", "/proc/self/oom_score_adj");
        List<String> prefix = List.of("sh", "-c", "echo 77 > /proc/self/oom_score_adj; exec \"$@\"", "sh");
        var other = new OciRuntime("jrun", prefix, jrun.program(), jrun.root());

        assertEquals(
                "77\n",
                other.call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output());
        assertEquals(
                "0\n",
                other.call(
                                "run",
                                "--bundle",
                                bundle.with("/process/oomScoreAdj", "0").path(),
                                sandbox.newId())
                        .succeeds()
                        .output());
    }

    @Test
    void whoMayNotLowerTheOomScoreIsTold() {
        Programs.skipUnless(!Programs.has(Capability.CAP_SYS_RESOURCE), "this root may lower oom_score_adj");

        run(sandbox.bundle().with("/process/oomScoreAdj", "-500"))
                .failsWith("config.json#/process/oomScoreAdj: set oom_score_adj to -500: permission denied"
                        + " (the caller's is 0, and to lower it takes CAP_SYS_RESOURCE)");
    }

    @Test
    void labelsOfAbsentSecurityModulesAreRefused() {
        Programs.skipUnless(!Files.exists(Path.of("/sys/module/apparmor/parameters/enabled")), "AppArmor is here");

        run(sandbox.bundle().with("/process/apparmorProfile", "\"profile\""))
                .failsWith("config.json#/process/apparmorProfile: found \"profile\"; AppArmor is not enabled");
        Programs.skipUnless(!Files.exists(Path.of("/sys/fs/selinux/enforce")), "SELinux is here");
        run(sandbox.bundle().with("/process/selinuxLabel", "\"u:r:t:s0\""))
                .failsWith("config.json#/process/selinuxLabel: found \"u:r:t:s0\"; SELinux is not enabled");
    }

    /**
     * Engine and shim keep to different processors while a launch is planned, and its caller may be kept to some: init
     * is not.
     */
    @Test
    void runsOnEveryProcessorOfItsCgroup() throws IOException, LinuxException {
        BitSet own = Affinity.of(0);
        String every;
        try {
            Affinity.set(0, Affinity.any());
            every = allowed(Files.readString(Path.of("/proc/thread-self/status")));
        } finally {
            Affinity.set(0, own);
        }
        Bundle bundle = sandbox.bundle().runs("cat", "/proc/self/status");
        for (int i = 0; i < 5; i++) {
            assertEquals(every, allowed(run(bundle).succeeds().output()));
            assertEquals(
                    every,
                    allowed(jrun.behind("taskset", "-c", "0")
                            .call("run", "--bundle", bundle.path(), sandbox.newId())
                            .succeeds()
                            .output()));
        }
    }

    @Test
    void runsOnTheProcessorsOfItsCgroupOnly() throws IOException {
        needCpusets();
        Bundle bundle = sandbox.bundle()
                .with("/linux/resources/cpu", "{\"cpus\": \"0\", \"mems\": \"0\"}")
                .runs("cat", "/proc/self/status");

        assertEquals("0", allowed(run(bundle).succeeds().output()));
    }

    /** Beside hierarchies of v1 that have a controller, cgroup v2 is without it. */
    private void needCpusets() throws IOException {
        Path controllers = view().unified().resolve("cgroup.controllers");
        Programs.skipUnless(
                Files.exists(view().cgroups().resolve("cpuset"))
                        || Files.exists(controllers)
                                && List.of(Files.readString(controllers).trim().split(" "))
                                        .contains("cpuset"),
                "cgroup v2 does not have the cpuset controller here: ProcessIT tests it with v1");
    }

    private static String allowed(String status) {
        return field("Cpus_allowed_list:", status);
    }

    private static String field(String name, String status) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .findFirst()
                .orElseThrow();
    }

    /** nohup(1), service managers and Python ignore some. */
    @Test
    void ignoresNoSignalThatItsCallerIgnores() throws IOException {
        Path notes = directory.resolve("notes");
        String hook = "{\"path\": \"/bin/busybox\", \"args\": [\"grep\", \"SigIgn:\", \"/proc/self/status\"]}";
        Bundle bundle = sandbox.bundle()
                .with("/hooks", "{\"createRuntime\": [%s], \"createContainer\": [%s]}".formatted(hook, hook))
                .with("/annotations", "{\"run.oci.hooks.stdout\": \"%s\"}".formatted(notes))
                .runs("sleep", "1000");
        OciRuntime ignoring = jrun.behind("sh", "-c", "trap '' HUP INT PIPE TERM USR1 CHLD TSTP; exec \"$@\"", "sh");
        String id = sandbox.newId();

        ignoring.call("--allow-annotation", "run.oci.hooks.stdout", "create", "--bundle", bundle.path(), id)
                .succeeds();
        ignoring.call("start", id).succeeds();

        String status =
                Files.readString(Path.of("/proc/" + jrun.state(id).get("pid").asLong() + "/status"));
        assertEquals("0000000000000000", field("SigIgn:", status));
        assertEquals("0000000000000000", field("SigBlk:", status));
        assertEquals(List.of("SigIgn:\t0000000000000000", "SigIgn:\t0000000000000000"), Files.readAllLines(notes));
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void affinityIsForExecuteOnly() {
        String script = "grep Cpus_allowed_list /proc/self/status";
        String unrestricted =
                run(sandbox.bundle().runsScript(script)).succeeds().output();

        assertEquals(
                unrestricted,
                run(sandbox.bundle()
                                .with("/process/execCPUAffinity", "{\"initial\": \"0\", \"final\": \"0\"}")
                                .runsScript(script))
                        .succeeds()
                        .output());
        run(sandbox.bundle().with("/process/execCPUAffinity", "{\"initial\": \"3-1\"}"))
                .failsWith("config.json#/process/execCPUAffinity/initial: found \"3-1\"; allowed: a list");
    }

    @Test
    void createdContainersAreRunTheSameWay() {
        Bundle bundle = sandbox.bundle()
                .with("/process/scheduler", "{\"policy\": \"SCHED_BATCH\", \"nice\": 3}")
                .with("/process/oomScoreAdj", "123")
                .runs("sleep", "1000");
        String id = sandbox.newId();

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).succeeds();

        long pid = jrun.state(id).get("pid").asLong();
        Execution stat = Execution.of(new ProcessBuilder(
                "sh", "-c", "cut -d ' ' -f 19,40,41 /proc/" + pid + "/stat" + "; cat /proc/" + pid + "/oom_score_adj"));
        assertEquals("3 0 3\n123\n", stat.output());
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void ofSeveralVariablesWithOneNameTheLastCounts() {
        Bundle bundle = sandbox.bundle()
                .with(
                        "/process/env",
                        "[\"PATH=/none\", \"A=1\", \"HOME=/a\", \"B=2\", \"A=3\", \"HOME=\", \"PATH=/bin\"]")
                .runs("env");

        assertEquals("B=2\nA=3\nPATH=/bin\nHOME=/root\n", run(bundle).succeeds().output());
    }

    /** As execve(2) decides: access(2) counts no capability of a user other than root. */
    @ParameterizedTest
    @ValueSource(strings = {"/bin/closed", "closed"})
    void aUserMayExecuteWhatItsCapabilitiesAllow(String program) {
        Bundle bundle = sandbox.bundle()
                .file("bin/closed", "rwx------", "#!/bin/sh\necho executed\n")
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .runs(program);

        run(withCapabilities(bundle, "[\"CAP_DAC_OVERRIDE\"]", "[]"))
                .failsWith("config.json#/process/args/0: exec: \"" + program + "\": permission denied");
        assertEquals(
                "executed\n",
                run(withCapabilities(bundle, "[\"CAP_DAC_OVERRIDE\"]", "[\"CAP_DAC_OVERRIDE\"]"))
                        .succeeds()
                        .output());
    }

    /** Of root, access(2) counts also what is only permitted: the container was created, and could not be started. */
    @Test
    void rootMayNotExecuteWhatOnlyItsPermittedCapabilitiesWouldAllow() {
        Bundle bundle =
                sandbox.bundle().file("bin/closed", "rwx------", "#!/bin/sh\n").runs("closed");
        Programs.run("chown", "1000", bundle.rootfs().resolve("bin/closed").toString());

        jrun.call(
                        "create",
                        "--bundle",
                        withCapabilities(bundle, "[\"CAP_DAC_OVERRIDE\"]", "[]").path(),
                        sandbox.newId())
                .failsWith("config.json#/process/args/0: exec: \"closed\": permission denied");
    }

    private static Bundle withCapabilities(Bundle bundle, String permitted, String effective) {
        return bundle.with(
                "/process/capabilities",
                "{\"bounding\": %s, \"permitted\": %s, \"inheritable\": %s, \"ambient\": %s, \"effective\": %s}"
                        .formatted(permitted, permitted, permitted, effective, effective));
    }

    @Test
    void capabilitiesThatItsCallerLacksAreLeftOutWithAWarning() {
        Programs.skipUnless(!Programs.has(Capability.CAP_SYS_RESOURCE), "this root has CAP_SYS_RESOURCE");
        Bundle bundle = sandbox.bundle().with("/process/capabilities", """
                        {"bounding": ["CAP_KILL", "CAP_SYS_RESOURCE"], "permitted": ["CAP_SYS_RESOURCE", "CAP_KILL"],
                         "effective": ["CAP_KILL"], "inheritable": ["CAP_SYS_RESOURCE"]}""").runs("grep", "Cap", "/proc/self/status");

        Execution run = run(bundle).succeeds();

        assertEquals(
                List.of(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t0000000000000020",
                        "CapEff:\t0000000000000020",
                        "CapBnd:\t0000000000000020",
                        "CapAmb:\t0000000000000000"),
                run.lines());
        assertEquals(
                List.of("bounding/1", "inheritable/0", "permitted/0"),
                run.errors()
                        .lines()
                        .map(line -> line.replaceFirst(
                                "jrun: warning: config.json#/process/capabilities/(\\S+): found \"CAP_SYS_RESOURCE\"; left out: the caller.*",
                                "$1"))
                        .toList());
    }

    @Test
    void warningsGoToTheLogIfThereIsOne() throws IOException {
        Bundle bundle = sandbox.bundle()
                .with("/process/capabilities/bounding", "[\"CAP_TO_FLY\"]")
                .with("/linux/personality", "{\"domain\": \"LINUX\", \"flags\": [\"ADDR_NO_RANDOMIZE\"]}")
                .runs("true");
        Path log = directory.resolve("log");

        Execution run = jrun.call(
                "--log", log.toString(), "--log-format", "json", "run", "--bundle", bundle.path(), sandbox.newId());

        assertEquals("", run.succeeds().errors());
        List<String> lines = Files.readAllLines(log);
        assertEquals(2, lines.size(), lines::toString);
        for (String line : lines) {
            assertEquals("warning", OciRuntime.json(line).get("level").asText());
        }
        assertEquals(
                "config.json#/linux/personality/flags: found an array; no flags are defined, ignored",
                OciRuntime.json(lines.getFirst()).get("msg").asText());
        Execution unlogged = run(bundle);
        assertEquals(
                2,
                unlogged.errors()
                        .lines()
                        .filter(line -> line.startsWith("jrun: warning: "))
                        .count());
    }

    @ParameterizedTest
    @CsvSource({"RLIMIT_NOFILE, 100, 501, 500", "RLIMIT_NICE, 1, 1, 0", "RLIMIT_RTPRIO, 0, 99, 0"})
    void aLimitThatMayNotBeRaisedIsNamedWithTheOneThereIs(String type, int soft, int hard, int there) {
        Programs.skipUnless(!Programs.has(Capability.CAP_SYS_RESOURCE), "this root may raise limits");
        Programs.need("prlimit");
        OciRuntime limited = jrun.behind("prlimit", "--nofile=500:500", "--nice=0:0", "--rtprio=0:0");
        Bundle bundle = sandbox.bundle()
                .with(
                        "/process/rlimits",
                        "[{\"type\": \"%s\", \"soft\": %d, \"hard\": %d}]".formatted(type, soft, hard))
                .runs("true");

        limited.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith(
                        "config.json#/process/rlimits/0: set %s to %d:%d: operation not permitted (the hard limit is %d, and to raise it takes CAP_SYS_RESOURCE)"
                                .formatted(type, soft, hard, there));
    }

    /** The lowest limit with which its program can be had: to wait for start takes a connection. */
    @ParameterizedTest
    @CsvSource({"create, 4", "run, 1"})
    void aLimitOfDescriptorsThatItCannotStartWithIsAnError(String command, int enough) {
        for (int limit : List.of(0, enough - 1)) {
            Bundle bundle = limited("RLIMIT_NOFILE", limit, limit);

            jrun.call(command, "--bundle", bundle.path(), sandbox.newId())
                    .failsWith(
                            "config.json#/process/rlimits/0: set RLIMIT_NOFILE to %d:%d, but init takes %d until its"
                                    .formatted(limit, limit, enough),
                            "too many open files");
        }
        String id = sandbox.newId();
        Bundle bundle = limited("RLIMIT_NOFILE", enough, enough);
        jrun.call(command, "--bundle", bundle.path(), id).succeeds();
        if (command.equals("create")) {
            jrun.call("start", id).succeeds();
            jrun.awaitStatus(id, "stopped");
            jrun.call("delete", id).succeeds();
        }
    }

    private Bundle limited(String type, long soft, long hard) {
        return sandbox.bundle()
                .with(
                        "/process/rlimits",
                        "[{\"type\": \"%s\", \"soft\": %d, \"hard\": %d}]".formatted(type, soft, hard))
                .runs("true");
    }

    @Test
    void hasAllKindsOfLimits() {
        int priority = Programs.has(Capability.CAP_SYS_RESOURCE) ? 30 : 0;
        var limits = new StringBuilder();
        for (String type :
                "AS CORE CPU DATA FSIZE LOCKS MEMLOCK MSGQUEUE NICE NOFILE NPROC RSS RTPRIO RTTIME SIGPENDING STACK"
                        .split(" ")) {
            // What is large enough to run, and small enough for every hard limit but those of the priorities, which are
            // 0: that they are set shows only where they may be raised.
            int limit = type.equals("NICE") || type.equals("RTPRIO") ? priority : type.equals("NOFILE") ? 64 : 800;
            long value = List.of("AS", "DATA", "STACK", "FSIZE").contains(type) ? 64L << 20 : limit;
            limits.append(limits.isEmpty() ? "[" : ", ")
                    .append("{\"type\": \"RLIMIT_%s\", \"soft\": %d, \"hard\": %d}".formatted(type, value, value));
        }
        Bundle bundle = sandbox.bundle()
                .with("/process/rlimits", limits.append(']').toString())
                .runsScript("tail -n +2 /proc/self/limits | cut -c 27-67 | tr -s ' '");

        String large = (64 << 20) + " " + (64 << 20);
        String small = "800 800";
        String raised = priority + " " + priority;
        assertEquals(
                List.of(
                        small, large, large, large, small, small, small, "64 64", small, large, small, small, small,
                        raised, raised, small),
                run(bundle).succeeds().lines().stream().map(String::strip).toList());
    }
}
