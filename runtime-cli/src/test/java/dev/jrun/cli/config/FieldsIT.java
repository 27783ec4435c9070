// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fields of config.json one by one, with jrun and with runc: equal output and exit codes, and errors about the same.
 * What runc 1.1 does not know is compared with crun, by {@link FieldsOnUnifiedIT}. docs/differences-from-runc.md lists
 * what is otherwise by intent.
 */
class FieldsIT extends RealContainers {

    private static final String CAPABILITIES = "grep -E 'Cap|NoNewPrivs' /proc/self/status";
    private static final String TWO = "[\"CAP_KILL\", \"CAP_NET_RAW\"]";
    private static final String USER = "{\"uid\": 1000, \"gid\": 1000%s}";
    private static final String NONE_AMBIENT = "[]";

    private OciRuntime other;

    /** The runtime to compare with. */
    String other() {
        return "runc";
    }

    /** Changes what the runtime to compare with cannot do here. */
    Bundle adapt(Bundle bundle) {
        return bundle;
    }

    @BeforeEach
    void needOther() throws IOException {
        Programs.need(other());
        other = sandbox.installed(other()).orElseThrow();
        Files.writeString(directory.resolve("input"), "");
        Files.createDirectories(directory.resolve("source/below"));
    }

    /** A part of a document: pointers and their values, one after another. */
    private static Arguments of(String script, String... fields) {
        return Arguments.of(script, List.of(fields));
    }

    private static String seccomp(String defaults, String... rules) {
        return "{\"defaultAction\": " + defaults + ", \"syscalls\": [" + String.join(", ", rules) + "]}";
    }

    private static String errno(String names, String members) {
        return "{\"names\": [" + names + "], \"action\": \"SCMP_ACT_ERRNO\"" + members + "}";
    }

    private static String mount(String destination, String source, String type, String options) {
        return "{\"destination\": \"%s\", \"source\": \"%s\", \"type\": \"%s\", \"options\": [\"%s\"]}"
                .formatted(destination, source, type, options.replace(",", "\", \""));
    }

    static Stream<Arguments> same() {
        String make = "\"mkdir\", \"mkdirat\"";
        return Stream.of(
                of("umask; touch /dev/shm/x; stat -c %a /dev/shm/x", "/process/user", "{\"umask\": 23}"),
                of("umask", "/process/user", "{\"umask\": 0}"),
                of(
                        "id; grep Groups /proc/self/status",
                        "/process/user",
                        USER.formatted(", \"additionalGids\": [5, 6, 70000]"),
                        "/process/capabilities/ambient",
                        NONE_AMBIENT),
                of("cat /proc/self/oom_score_adj; sh -c 'cat /proc/self/oom_score_adj'", "/process/oomScoreAdj", "500"),
                of("cat /proc/self/limits", "/process/rlimits", """
                        [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
                         {"type": "RLIMIT_CORE", "soft": 0, "hard": 18446744073709551615},
                         {"type": "RLIMIT_FSIZE", "soft": 1000000, "hard": 4000000},
                         {"type": "RLIMIT_STACK", "soft": 1048576, "hard": 1048576}]"""),
                of(
                        CAPABILITIES,
                        "/process/user",
                        USER.formatted(""),
                        "/process/capabilities",
                        sets("bounding", "permitted", "effective", "inheritable", "ambient")),
                of(
                        CAPABILITIES,
                        "/process/capabilities",
                        sets("bounding", "permitted", "effective", "ambient", "inheritable")),
                of(CAPABILITIES, "/process/capabilities", sets("bounding", "inheritable")),
                of(CAPABILITIES, "/process/capabilities", sets("bounding", "permitted")),
                of(CAPABILITIES, "/process/capabilities", sets("permitted")),
                of(CAPABILITIES, "/process/capabilities", "null"),
                of(CAPABILITIES, "/process/noNewPrivileges", "false"),
                of(CAPABILITIES, "/process/noNewPrivileges", "true"),
                of(
                        "pwd; stat -c '%a %u %g' . .. ../..",
                        "/process/cwd",
                        "\"/new/deep/directory\"",
                        "/root/readonly",
                        "false",
                        "/process/user",
                        USER.formatted(""),
                        "/process/capabilities/ambient",
                        NONE_AMBIENT),
                of("pwd", "/process/cwd", "\"/made/although/the/root/is/readonly\""),
                of("echo $HOME", "/process/user", "{\"uid\": 0, \"gid\": 0}"),
                of("echo $HOME", "/process/user", USER.formatted(""), "/process/capabilities/ambient", NONE_AMBIENT),
                of("echo $HOME", "/process/env", "[\"PATH=/bin\", \"HOME=/elsewhere\"]"),
                of(
                        "ls -l /bin | wc -l; cmp /bin/sh /bin/busybox; stat -c '%u %g' /bin; touch /bin/x && echo mine",
                        "/mounts/-", mount("/bin", "tmpfs", "tmpfs", "tmpcopyup,mode=751")),
                of(
                        "touch /tmp/x /tmp/below/x; grep ' /tmp' /proc/self/mountinfo | cut -d' ' -f5,6",
                        "/mounts/-",
                        mount("/tmp", "SOURCE", "bind", "rbind,rro,rnosuid")),
                of(
                        "sysctl net.ipv4.ip_forward kernel.msgmax fs.mqueue.msg_max net.ipv4.conf.lo.rp_filter",
                        "/linux/sysctl",
                        """
                        {"net.ipv4.ip_forward": "1", "kernel.msgmax": "4096", "fs.mqueue.msg_max": "20",
                         "net/ipv4/conf/lo/rp_filter": "2"}"""),
                of(
                        "ls -A /etc /root; wc -c < /proc/uptime; wc -c < /bin/cmp; stat -L -c %F /proc/uptime; touch /root/x",
                        "/linux/maskedPaths",
                        "[\"/etc\", \"/root\", \"/proc/uptime\", \"/none\"]",
                        "/root/readonly",
                        "false"),
                of(
                        "touch /etc/x; echo > /bin/busybox; touch /root/x && echo made; grep -E ' /(etc|bin/busybox) '"
                                + " /proc/self/mountinfo | cut -d' ' -f5,6",
                        "/linux/readonlyPaths",
                        "[\"/etc\", \"/bin/busybox\", \"/none\"]",
                        "/root/readonly",
                        "false"),
                of(propagation("/"), "/linux/rootfsPropagation", "\"rslave\""),
                of(propagation("/"), "/linux/rootfsPropagation", "\"slave\""),
                of(propagation("/"), "/linux/rootfsPropagation", "\"rprivate\""),
                of(propagation("/"), "/linux/rootfsPropagation", "\"private\""),
                of(
                        "mkdir /dev/shm/x; chmod 1 /dev/shm; grep Seccomp: /proc/self/status",
                        "/linux/seccomp",
                        seccomp(
                                "\"SCMP_ACT_ALLOW\"",
                                errno(make, ", \"errnoRet\": 28"),
                                errno("\"chmod\", \"fchmodat\", \"fchmodat2\"", ""))),
                of(
                        "mkdir /dev/shm/x && echo made; ls /dev/shm",
                        "/linux/seccomp",
                        seccomp("\"SCMP_ACT_ALLOW\"", errno(make, ", \"errnoRet\": 0"))),
                of(
                        "mkdir /dev/shm/x",
                        "/linux/seccomp",
                        seccomp(
                                "\"SCMP_ACT_ALLOW\"",
                                errno(make, ", \"errnoRet\": 28"),
                                errno(make, ", \"errnoRet\": 5"))));
    }

    private static String sets(String... names) {
        return Stream.of(names)
                .map(name -> '"' + name + "\": " + TWO)
                .toList()
                .toString()
                .replaceFirst("^\\[", "{")
                .replaceFirst("]$", "}");
    }

    /** How mount events reach a mount, without the numbers of groups. */
    static String propagation(String place) {
        return "awk '$5 == \"" + place + "\" {print $5, $7}' /proc/self/mountinfo | sed 's/:[0-9]*//'";
    }

    @ParameterizedTest
    @MethodSource("same")
    void isTheSame(String script, List<String> fields) {
        Execution expected = run(other, bundle(fields).runsScript(script));
        Execution found = run(jrun, bundle(fields).runsScript(script));

        assertEquals(expected.output(), found.output());
        assertEquals(expected.errors(), found.errors());
        assertEquals(expected.code(), found.code());
        assertNotEquals("", found.output() + found.errors());
    }

    static Stream<Arguments> refused() {
        String conflict = ", \"args\": [{\"index\": 1, \"value\": 511, \"op\": \"SCMP_CMP_EQ\"}]";
        return Stream.of(
                of("", "/process/rlimits", "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 300, \"hard\": 200}]"),
                of("not permitted", "/process/capabilities", sets("bounding", "effective")),
                of("kernel.panic", "/linux/sysctl", "{\"kernel.panic\": \"1\"}"),
                of("invalid argument", "/linux/sysctl", "{\"net.ipv4.ip_forward\": \"x\"}"),
                of("no such file or directory", "/linux/sysctl", "{\"net.no.such\": \"1\"}"),
                of(
                        "",
                        "/linux/seccomp",
                        seccomp(
                                "\"SCMP_ACT_ALLOW\"",
                                errno("\"mkdir\"", ", \"errnoRet\": 28" + conflict),
                                errno("\"mkdir\"", ", \"errnoRet\": 5" + conflict))),
                of("", "/linux/seccomp", seccomp("\"SCMP_ACT_NONE\"")));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefused(String phrase, List<String> fields) throws IOException {
        String id = sandbox.newId();
        for (OciRuntime runtime : List.of(other, jrun)) {
            Execution execution = run(runtime, bundle(fields).runs("true"), id);
            assertEquals(1, execution.code(), execution::toString);
            assertTrue(execution.errors().toLowerCase(Locale.ROOT).contains(phrase), execution::toString);
            if (runtime != jrun) {
                // crun leaves it.
                Files.deleteIfExists(view().unified().resolve(id));
            }
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void whoMayNotLowerTheOomScoreIsRefused() throws IOException {
        Programs.skipUnless(!Programs.has(Capability.CAP_SYS_RESOURCE), "its caller may lower it");
        isRefused("permission denied", List.of("/process/oomScoreAdj", "-500"));
    }

    @Test
    void ownersOfMountsThatAreNotMappedAreRefused() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String mapping = "[{\"containerID\": 0, \"hostID\": %d, \"size\": 1}]".formatted(Bundle.FIRST_ID);
        List<String> fields = List.of(
                "/linux/namespaces/-",
                "{\"type\": \"user\"}",
                "/linux/uidMappings",
                mapping,
                "/linux/gidMappings",
                mapping);
        String id = sandbox.newId();
        Execution refused = run(other, bundle(fields).runs("true"), id);
        Files.deleteIfExists(view().unified().resolve(id));

        assertTrue(refused.errors().toLowerCase(Locale.ROOT).contains("invalid argument"), refused::toString);
        run(jrun, bundle(fields).runs("true"))
                .failsWith(
                        "/mounts/2/options/5: found \"gid=5\"; gid 5 is not mapped in the container's user namespace");
    }

    Bundle bundle(List<String> fields) {
        Bundle bundle = adapt(sandbox.bundle());
        Path source = directory.resolve("source");
        for (int i = 0; i < fields.size(); i += 2) {
            bundle.with(fields.get(i), fields.get(i + 1).replace("SOURCE", source.toString()));
        }
        return bundle;
    }

    Execution run(OciRuntime runtime, Bundle bundle) {
        return run(runtime, bundle, sandbox.newId());
    }

    /** Its input is a file of the test's own, since crun gives even the host's /dev/null to the container's user. */
    private Execution run(OciRuntime runtime, Bundle bundle, String id) {
        return runtime.start(directory.resolve("input"), "run", "--bundle", bundle.path(), id)
                .await();
    }

    OciRuntime otherRuntime() {
        return other;
    }
}
