// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code linux.sysctl}: what a container finds in /proc/sys, and that the host's stays as it is. */
class SysctlIT extends RealContainers {

    @Test
    void eachNamespaceHasItsParameters() throws IOException {
        String shmmax = Files.readString(Path.of("/proc/sys/kernel/shmmax"));
        Bundle bundle = sandbox.bundle()
                .with("/linux/sysctl", """
                        {"net.ipv4.ip_unprivileged_port_start": "0",
                         "net.ipv4.ping_group_range": "0 2147483647",
                         "kernel.shmmax": "1000000",
                         "kernel.sem": "32000 1024000000 500 31000",
                         "fs.mqueue.msg_max": "20",
                         "kernel.domainname": "example.org"}""")
                .runsScript("cd /proc/sys; cat net/ipv4/ip_unprivileged_port_start net/ipv4/ping_group_range"
                        + " kernel/shmmax kernel/sem fs/mqueue/msg_max kernel/domainname");

        assertEquals(
                "0\n0\t2147483647\n1000000\n32000\t1024000000\t500\t31000\n20\nexample.org\n",
                run(bundle).succeeds().output());
        assertEquals(shmmax, Files.readString(Path.of("/proc/sys/kernel/shmmax")));
        Programs.need("runc");
        assertEquals(
                sandbox.installed("runc")
                        .orElseThrow()
                        .call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output(),
                run(bundle).output());
    }

    @Test
    void bothSeparatorsWork() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/sysctl", """
                        {"net/ipv4/conf/lo/rp_filter": "1", "net.ipv4.conf.all.rp_filter": "2"}""")
                .runs("cat", "/proc/sys/net/ipv4/conf/lo/rp_filter", "/proc/sys/net/ipv4/conf/all/rp_filter");

        assertEquals("1\n2\n", run(bundle).succeeds().output());
    }

    @Test
    void theContainersOwnProcHasNoPartInIt() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\"}")
                .with("/linux/maskedPaths", "[]")
                .with("/linux/readonlyPaths", "[]");
        bundle.file("proc/sys/net/ipv4/ip_forward", "rw-r--r--", "untouched")
                .with("/mounts", "[]")
                .runs("cat", "/proc/sys/net/ipv4/ip_forward");

        assertEquals("untouched", run(bundle).succeeds().output());
    }

    @Test
    void whatCannotBeSetIsSaid() {
        cannotSet(
                "net.ipv4.ip_forward",
                "yes",
                "config.json#/linux/sysctl/net.ipv4.ip_forward: set net.ipv4.ip_forward to \"yes\": invalid argument");
        cannotSet(
                "net.ipv4.conf.eth7.forwarding",
                "1",
                "/linux/sysctl/net.ipv4.conf.eth7.forwarding: set net.ipv4.conf.eth7.forwarding to \"1\":"
                        + " no such file or directory");
        cannotSet(
                "net/../kernel/core_pattern", "|/evil", "/linux/sysctl/net~1..~1kernel~1core_pattern: allowed: names");
        cannotSet(
                "kernel.domainname",
                "x".repeat(65),
                "/linux/sysctl/kernel.domainname: set kernel.domainname to \"" + "x".repeat(65)
                        + "\": invalid argument");
        cannotSet("vm.swappiness", "1", "/linux/sysctl/vm.swappiness: not allowed: it is not a setting of a namespace");
        cannotSet("net.ipv4", "1", "/linux/sysctl/net.ipv4: set net.ipv4 to \"1\": is a directory");
    }

    @Test
    void soItIsInAUserNamespace() {
        Bundle bundle = sandbox.bundle()
                .inUserNamespace()
                .with("/linux/sysctl", """
                        {"net.ipv4.ip_forward": "1", "user.max_net_namespaces": "7",
                         "kernel.domainname": "example.org"}""")
                .runsScript("cd /proc/sys; cat net/ipv4/ip_forward user/max_net_namespaces kernel/domainname");

        assertEquals("1\n7\nexample.org\n", run(bundle).succeeds().output());
    }

    private void cannotSet(String name, String value, String error) {
        Bundle bundle = sandbox.bundle()
                .with("/linux/sysctl", "{\"%s\": \"%s\"}".formatted(name, value))
                .runs("true");
        run(bundle).failsWith(error);
        sandbox.assertNothingIsLeft();
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }
}
