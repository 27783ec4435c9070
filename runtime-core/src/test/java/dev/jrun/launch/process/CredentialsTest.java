// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.spec.Annotation;
import java.util.List;
import org.junit.jupiter.api.Test;

class CredentialsTest {

    private static void assertDrops(String allBut, long kept, LaunchedConfig config) {
        List<String> lines = config.lines("/process/capabilities/bounding");
        assertTrue(lines.contains("if bit has any of " + kept + " go to keep it"), lines::toString);
        assertTrue(
                lines.contains("prctl(PR_CAPBSET_DROP, capability)  on EINVAL go to no more capabilities"),
                lines::toString);
        assertTrue(config.indexOf("drop for good all but " + allBut) > 0);
    }

    @Test
    void groupsOfTheCallerStayIfTheyAreToBeKept() {
        var config = LaunchedConfig.byDefault().with("/annotations", "{\"run.oci.keep_original_groups\": \"1\"}");
        assertEquals(1, config.calls(Syscall.SETGROUPS).size(), "an image may have asked for it");
        config.allowing(Annotation.HOOKS_STDOUT);
        assertEquals(1, config.calls(Syscall.SETGROUPS).size());
        config.allowing(Annotation.KEEP_ORIGINAL_GROUPS);
        assertEquals(List.of(), config.calls(Syscall.SETGROUPS));
    }

    /** As with crun. */
    @Test
    void groupsAreKeptWithAnyValueButZero() {
        var config = LaunchedConfig.byDefault()
                .with("/annotations", "{\"run.oci.keep_original_groups\": \"\"}")
                .allowing(Annotation.KEEP_ORIGINAL_GROUPS);
        assertEquals(List.of(), config.calls(Syscall.SETGROUPS));
        config.with("/annotations", "{\"run.oci.keep_original_groups\": \"0\"}");
        assertEquals(1, config.calls(Syscall.SETGROUPS).size());
    }

    @Test
    void whatIsNotInTheBoundingSetIsDropped() {
        assertDrops(
                "CAP_KILL, CAP_NET_BIND_SERVICE, CAP_AUDIT_WRITE",
                1 << 5 | 1 << 10 | 1 << 29,
                LaunchedConfig.byDefault());
    }

    @Test
    void anAbsentBoundingSetIsEmpty() {
        assertDrops("none", 0, LaunchedConfig.byDefault().with("/process/capabilities", "{}"));
    }

    @Test
    void absentCapabilitiesAreNone() {
        var config = LaunchedConfig.byDefault().without("/process/capabilities");
        assertDrops("none", 0, config);
        assertEquals(
                List.of("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0},"
                        + " {effective=[], permitted=[], inheritable=[]})"),
                config.calls(Syscall.CAPSET));
    }

    @Test
    void setsAreExactlyAsConfiguredAndInheritableIsEmptyByDefault() {
        String three = "[CAP_KILL, CAP_NET_BIND_SERVICE, CAP_AUDIT_WRITE]";
        assertEquals(
                List.of("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=" + three + ", permitted="
                        + three + ", inheritable=[]})"),
                LaunchedConfig.byDefault().calls(Syscall.CAPSET));
    }

    @Test
    void setsDifferIfTheyAreConfiguredSo() {
        var config = LaunchedConfig.byDefault().with("/process/capabilities", """
                        {"effective": ["CAP_KILL"], "permitted": ["CAP_KILL", "CAP_BPF"], "inheritable": ["CAP_CHOWN"]}
                        """);
        assertEquals(
                List.of("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0},"
                        + " {effective=[CAP_KILL], permitted=[CAP_KILL, CAP_BPF], inheritable=[CAP_CHOWN]})"),
                config.calls(Syscall.CAPSET));
    }

    @Test
    void namesThatAreNotKnownAreLeftOut() {
        var config = LaunchedConfig.byDefault()
                .with("/process/capabilities", "{\"bounding\": [\"CAP_KILL\", \"CAP_OF_TOMORROW\"]}");
        assertDrops("CAP_KILL", 1 << 5, config);
    }

    private static List<String> ambientLines(LaunchedConfig config) {
        return config.lines("/process/capabilities/ambient");
    }

    private static String raise(String capability) {
        return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + capability + ")  ignoring EPERM, EINVAL";
    }

    @Test
    void ambientCapabilitiesAreRaisedAfterAllAreCleared() {
        String three = "[\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"]";
        assertEquals(
                List.of(
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)",
                        raise("CAP_KILL"),
                        raise("CAP_NET_BIND_SERVICE"),
                        raise("CAP_AUDIT_WRITE")),
                ambientLines(LaunchedConfig.byDefault()
                        .with("/process/capabilities/inheritable", three)
                        .with("/process/capabilities/ambient", three)));
    }

    /** CAP_SYS_ADMIN is permitted until the filter is loaded, whatever is configured. */
    @Test
    void onlyWhatIsConfiguredAsPermittedAndInheritableIsRaised() {
        var config = LaunchedConfig.byDefault()
                .with("/process/noNewPrivileges", "false")
                .with("/linux/seccomp", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}")
                .with("/process/capabilities", """
                        {"permitted": ["CAP_KILL", "CAP_CHOWN"],
                         "inheritable": ["CAP_KILL", "CAP_SYS_ADMIN"],
                         "ambient": ["CAP_KILL", "CAP_CHOWN", "CAP_SYS_ADMIN"]}
                        """);
        assertTrue(config.calls(Syscall.CAPSET).getFirst().contains("CAP_SYS_ADMIN], inheritable"), "it is held");
        assertEquals(
                List.of("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)", raise("CAP_KILL")), ambientLines(config));
    }

    @Test
    void theUserChangesAfterItsGroups() {
        var config = LaunchedConfig.byDefault()
                .with("/process/user", "{\"uid\": 1000, \"gid\": 4294967294, \"additionalGids\": [10, 20]}");
        assertEquals(
                List.of(
                        "setgroups(size=2, [10, 20])",
                        "setresgid(4294967294, 4294967294, 4294967294)",
                        "setresuid(1000, 1000, 1000)",
                        "umask(022)"),
                config.lines("/process/user").stream()
                        .filter(line -> line.startsWith("set") || line.startsWith("umask"))
                        .toList());
    }

    @Test
    void groupsOfTheCallerAreGivenUpEvenIfNoneAreConfigured() {
        assertEquals(
                "setgroups(0, [])",
                LaunchedConfig.byDefault().lines("/process/user/additionalGids").getFirst());
    }

    @Test
    void capabilitiesAreKeptOnlyWhileTheUserChanges() {
        var config = LaunchedConfig.byDefault();
        List<String> lines = config.lines("/process/capabilities");
        assertEquals("prctl(PR_SET_KEEPCAPS, 1)", lines.getFirst());
        assertTrue(lines.contains("prctl(PR_SET_KEEPCAPS, 0)"));
        assertTrue(config.indexOf("keep capabilities while the user changes") < config.indexOf("become user 0"));
        assertTrue(config.indexOf("become user 0") < config.indexOf("keep no capabilities after this"));
    }

    @Test
    void theUmaskIsTheConfiguredOne() {
        var config = LaunchedConfig.byDefault().with("/process/user/umask", "63");
        assertEquals(List.of("umask(077)"), config.lines("/process/user/umask"));
    }

    @Test
    void newPrivilegesAreForbiddenIfTheyAreToBe() {
        assertEquals(
                List.of("prctl(PR_SET_NO_NEW_PRIVS, 1)"),
                LaunchedConfig.byDefault().lines("/process/noNewPrivileges"));
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault()
                        .with("/process/noNewPrivileges", "false")
                        .lines("/process/noNewPrivileges"));
    }
}
