// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.resctrl.Resctrl;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Config;
import dev.jrun.spec.reading.ConfigReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostSupportTest {

    @TempDir
    Path root;

    private static final Config BOTH = config("\"apparmorProfile\": \"p\", \"selinuxLabel\": \"u:r:t:s0\"");
    private static final Config CACHES = config("\"env\": []}, \"linux\": {\"intelRdt\": {\"closID\": \"gold\"}");
    private static final Config NEITHER = config("\"apparmorProfile\": \"\"");

    private static Config config(String members) {
        String text = "{\"ociVersion\": \"1.3.0\", \"process\": {\"cwd\": \"/\", " + members + "}}";
        return ConfigReader.read(text.getBytes(StandardCharsets.UTF_8)).value().orElseThrow();
    }

    private List<String> problems(Config config) {
        return new HostSupport(root)
                .problems(config).stream()
                        .map(problem -> problem.in("config.json"))
                        .toList();
    }

    @Test
    void labelsNeedTheirSecurityModules() {
        assertEquals(
                List.of(
                        "config.json#/process/apparmorProfile: found \"p\"; AppArmor is not enabled on this host",
                        "config.json#/process/selinuxLabel: found \"u:r:t:s0\"; SELinux is not enabled on this host"),
                problems(BOTH));
        assertEquals(List.of(), problems(NEITHER));
    }

    /** Rootless Podman asks for its user's groups by nothing but the annotation. */
    @Test
    void groupsAreLentWithoutTheCallersWordOnlyWhereTheyAreNotThoseOfTheHostsRoot() throws IOException {
        List<Annotation> groups = List.of(Annotation.KEEP_ORIGINAL_GROUPS);
        List<Annotation> output = List.of(Annotation.HOOKS_STDOUT);
        Annotations all = Annotations.of(Map.of(
                "run.oci.keep_original_groups", "1", "run.oci.hooks.stdout", "/f", "run.oci.hooks.stderr", "/f"));

        assertEquals(List.of(), new HostSupport(root).allowed(all, List.of()), "where nothing is known");
        assertEquals(groups, new HostSupport(root).allowed(all, groups));

        Path link = Files.createDirectories(root.resolve("proc/self/ns")).resolve("user");
        Files.createSymbolicLink(link, Path.of("user:[4026532000]"));
        Files.writeString(root.resolve("proc/self/status"), "CapPrm:\t000001ffffffffff\n");
        assertEquals(groups, new HostSupport(root).allowed(all, List.of()));
        assertEquals(
                List.of(Annotation.HOOKS_STDOUT, Annotation.KEEP_ORIGINAL_GROUPS),
                new HostSupport(root).allowed(all, output));
        assertEquals(List.of(), new HostSupport(root).allowed(Annotations.NONE, List.of()), "not asked for");

        assumeTrue(EffectiveUser.uid() == 0, "not root");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("user:[4026531837]"));
        assertEquals(List.of(), new HostSupport(root).allowed(all, List.of()));
    }

    @Test
    void sharesOfCachesNeedResctrl() throws IOException {
        assumeTrue(Resctrl.mounted().isEmpty(), "this host has resctrl");
        assertEquals(
                List.of("config.json#/linux/intelRdt: resctrl is not mounted on this host;"
                        + " it needs a processor that can partition its caches"),
                problems(CACHES));
    }

    @Test
    void theKernelSaysWhichAreEnabled() throws IOException {
        Path parameters = Files.createDirectories(root.resolve("sys/module/apparmor/parameters"));
        Files.writeString(parameters.resolve("enabled"), "Y\n");
        Files.createFile(Files.createDirectories(root.resolve("sys/fs/selinux")).resolve("enforce"));
        assertEquals(List.of(), problems(BOTH));
        Files.writeString(parameters.resolve("enabled"), "N\n");
        assertEquals(1, problems(BOTH).size());
    }

    private boolean makesDeviceFiles(String capabilities, String namespace) throws Exception {
        Path process = Files.createDirectories(root.resolve("proc/self/ns")).getParent();
        Files.writeString(process.resolve("status"), "Name:\tjrun\nCapPrm:\t" + capabilities + "\n");
        Files.deleteIfExists(process.resolve("ns/user"));
        Files.createSymbolicLink(process.resolve("ns/user"), Path.of(namespace));
        return new HostSupport(root).makesDeviceFiles();
    }

    @Test
    void deviceFilesTakeACapabilityInTheInitialUserNamespace() throws Exception {
        String initial = "user:[4026531837]";
        assertTrue(makesDeviceFiles("000001ffffffffff", initial));
        assertFalse(makesDeviceFiles("000001fff7ffffff", initial));
        assertFalse(makesDeviceFiles("000001ffffffffff", "user:[4026532573]"));
    }

    @Test
    void aUserNamespaceMayHaveGivenUpToSetGroups() throws Exception {
        assertFalse(makesDeviceFiles("000001ffffffffff", "user:[4026532573]"));
        for (boolean allowed : List.of(true, false)) {
            Files.writeString(root.resolve("proc/self/setgroups"), allowed ? "allow\n" : "deny\n");
            assertEquals(allowed, new HostSupport(root).callerRights().setsGroups());
        }
    }

    /** Root without CAP_DAC_OVERRIDE opens root's device files all the same. */
    @Test
    void deviceRulesMayBeMissingOnlyWhereNoContainerReachesMoreThanItsCaller() {
        long all = 0x1ffffffffffL;
        long bindsLowPorts = 1L << Capability.CAP_NET_BIND_SERVICE.ordinal();
        for (long permitted : new long[] {all, all & ~(1L << Capability.CAP_DAC_OVERRIDE.ordinal()), 0}) {
            assertFalse(HostSupport.isUnprivileged(true, 0, permitted), () -> Long.toHexString(permitted));
            assertTrue(HostSupport.isUnprivileged(false, 0, permitted), () -> Long.toHexString(permitted));
        }
        assertTrue(HostSupport.isUnprivileged(true, 1000, 0));
        assertTrue(HostSupport.isUnprivileged(true, 1000, bindsLowPorts));
        assertFalse(HostSupport.isUnprivileged(true, 1000, 1L << Capability.CAP_MKNOD.ordinal()));
        assertFalse(HostSupport.isUnprivileged(true, 1000, 1L << Capability.CAP_SETUID.ordinal()));
    }
}
