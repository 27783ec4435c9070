// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelParametersTest {

    private static final LaunchedConfig CONFIG = LaunchedConfig.byDefault()
            .with("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\", \"net/ipv4/conf/lo/rp_filter\": \"2 \"}");

    @Test
    void eachIsWrittenThroughAProcfsOfInitsOwn() {
        assertEquals(
                List.of(
                        "parameter = openat2(procfs, \"sys/net/ipv4/ip_forward\", {flags=O_WRONLY|O_NONBLOCK|O_CLOEXEC,"
                                + " resolve=RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS|RESOLVE_BENEATH}, size=24)"
                                + "  retrying EAGAIN, EINTR",
                        "write(parameter, \"1\", size=1)",
                        "close(parameter)"),
                CONFIG.intent("set net.ipv4.ip_forward to \"1\""));
        assertEquals(
                "write(parameter, \"2 \", size=2)",
                CONFIG.lines("/linux/sysctl/net~1ipv4~1conf~1lo~1rp_filter").get(1));
    }

    @Test
    void theProcfsIsMountedAnewAndOtherwiseTheHosts() {
        List<String> lines = CONFIG.intent("mount a procfs to set kernel parameters");
        assertTrue(lines.contains("context = fsopen(\"proc\", FSOPEN_CLOEXEC)"), lines::toString);
        assertTrue(
                lines.contains("procfs = openat(AT_FDCWD, \"/proc\", O_DIRECTORY|O_CLOEXEC|O_PATH)"), lines::toString);
    }

    /** In a mount namespace that is joined, others may have mounted anything there. */
    @Test
    void whatIsMountedInPlaceOfTheHostsIsNotWrittenTo() {
        List<String> lines = CONFIG.intent("mount a procfs to set kernel parameters");
        int opened = lines.indexOf("procfs = openat(AT_FDCWD, \"/proc\", O_DIRECTORY|O_CLOEXEC|O_PATH)");
        assertTrue(lines.get(opened + 1).startsWith("fstatfs(procfs, "), lines::toString);
        assertTrue(LaunchedConfig.failures(CONFIG.create().program(), Errno.EINVAL)
                .contains("config.json#/linux/sysctl: mount a procfs to set kernel parameters:"
                        + " /proc is not a file system of type proc: " + Errno.EINVAL.message()));
    }

    @Test
    void theyAreSetBeforeProcSysBecomesReadOnly() {
        assertTrue(CONFIG.indexOf("close the procfs") < CONFIG.indexOf("make /proc/sys read-only"));
        assertTrue(CONFIG.indexOf("set the host name runc") < CONFIG.indexOf("set net.ipv4.ip_forward to \"1\""));
    }

    /** Nor is anything mounted for it alone. uts_namespaces(7). */
    @Test
    void theDomainNameIsSetByItsSystemCall() {
        var config = LaunchedConfig.byDefault().with("/linux/sysctl", "{\"kernel.domainname\": \"bök.example\\n\"}");

        assertEquals(
                List.of("setdomainname(\"bök.example\", size=12)"), config.lines("/linux/sysctl/kernel.domainname"));
        assertEquals(List.of(), config.intent("mount a procfs to set kernel parameters"));
        config.with("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\", \"kernel/domainname\": \"a\"}");
        assertEquals(List.of("setdomainname(\"a\", size=1)"), config.lines("/linux/sysctl/kernel~1domainname"));
        assertEquals(3, config.lines("/linux/sysctl/net.ipv4.ip_forward").size());
    }

    @Test
    void withoutThemNothingIsMounted() {
        assertEquals(List.of(), LaunchedConfig.byDefault().lines("/linux/sysctl"));
    }
}
