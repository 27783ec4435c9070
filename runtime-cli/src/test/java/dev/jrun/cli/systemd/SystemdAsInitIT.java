// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * systemd as a container's init, as Podman has it with {@code --systemd=always}: cgroups that it may write, and empty
 * directories where it keeps what it makes. It is the host's, whose /usr the container sees.
 */
class SystemdAsInitIT extends RealContainers {

    private static final String SYSTEMD = "/usr/lib/systemd/systemd";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Podman's. */
    private static final String SETS = """
            ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETFCAP",
            "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT"]""";

    private static final String CAPABILITIES = "{\"bounding\": SETS, \"effective\": SETS, \"permitted\": SETS}";

    /** It comes after basic.target, and with that nearly all that systemd does at a boot. */
    private static final String SERVICE = """
            [Unit]
            Description=What the container is for

            [Service]
            ExecStart=/bin/sh -c "echo at work; exec sleep infinity"
            """;

    @BeforeAll
    static void needSystemd() {
        Programs.skipUnless(Files.isExecutable(Path.of(SYSTEMD)), "systemd is not installed in /usr");
    }

    /** With the host's /usr. */
    Bundle bundle() {
        Bundle bundle =
                sandbox.bundle().file("etc/machine-id", "rw-r--r--", "").file("etc/group", "rw-r--r--", "root:x:0:\n");
        layOut(bundle.rootfs());
        mount(bundle, "/usr", "bind", "/usr", "\"rbind\", \"ro\"");
        return withService(bundle);
    }

    /** As Podman adds it to what there is. */
    static Bundle withService(Bundle bundle) {
        bundle.withoutMount("cgroup")
                .with("/ociVersion", "\"1.0.2\"")
                .with("/process/env/-", "\"container=podman\"")
                .with("/process/capabilities", CAPABILITIES.replace("SETS", SETS))
                .with("/root/readonly", "false")
                .runs(SYSTEMD, "--unit=payload.service")
                .file("etc/systemd/system/payload.service", "rw-r--r--", SERVICE);
        for (String place : List.of("/run", "/run/lock", "/tmp", "/var/log/journal")) {
            mount(bundle, place, "tmpfs", "tmpfs", "\"rw\", \"nosuid\", \"nodev\", \"tmpcopyup\"");
        }
        return bundle;
    }

    /** The commands are the host's. */
    private static void layOut(Path root) {
        Programs.run("rm", "-r", root.resolve("bin").toString());
        try {
            for (String name : List.of("usr", "run/lock", "var/log/journal", "var/lib", "var/tmp")) {
                Files.createDirectories(root.resolve(name));
            }
            for (String name : List.of("bin", "sbin", "lib", "lib64")) {
                Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mount(Bundle bundle, String destination, String type, String source, String options) {
        bundle.with("/mounts/-", """
                {"destination": "%s", "type": "%s", "source": "%s", "options": [%s]}""".formatted(destination, type, source, options));
    }

    boolean isUnified() {
        return Files.exists(view().cgroups().resolve("cgroup.controllers"));
    }

    /** The cgroups of the container alone, in a cgroup namespace of its own. */
    private Bundle withOwnCgroups() {
        Bundle bundle = bundle();
        mount(bundle, "/sys/fs/cgroup", "cgroup", "cgroup", "\"rw\", \"nosuid\", \"nodev\", \"noexec\"");
        return bundle;
    }

    /** Where systemd is, in the hierarchy that it tracks processes by. */
    private String cgroupOfInit(String id) {
        String hierarchy = isUnified() ? "0::" : "[0-9]*:name=systemd:";
        return jrun.call("exec", id, "grep", "^" + hierarchy, "/proc/1/cgroup")
                .succeeds()
                .output()
                .strip()
                .replaceFirst(".*:", "");
    }

    private void comesUpAndGoesDown(Bundle bundle, String cgroup) {
        String id = sandbox.newId();
        bundle.with("/linux/cgroupsPath", "\"/" + id + '"');
        Execution.Started call = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isTrueWithin(
                LIMIT, "the container is there", () -> jrun.call("state", id).code() == 0);
        Eventually.isTrueWithin(LIMIT, "the system has come up", () -> isUp(systemctl(id, "is-system-running")));
        assertEquals("", systemctl(id, "--failed", "--no-legend", "--plain"));
        assertEquals("active", systemctl(id, "is-active", "payload.service"));
        assertEquals(cgroup.replace("ID", id) + "/init.scope", cgroupOfInit(id));
        assertTrue(systemctl(id, "show", "--property=ControlGroup", "payload.service")
                .endsWith("/system.slice/payload.service"));
        Eventually.isTrue(
                "what the service says is in the journal",
                () -> jrun.call("exec", id, "/usr/bin/journalctl", "--output=cat", "--unit=payload.service")
                        .lines()
                        .contains("at work"));
        jrun.call("pause", id).succeeds();
        jrun.call("resume", id).succeeds();
        // systemd(1): it halts, and so ends by itself.
        jrun.call("kill", id, "SIGRTMIN+3").succeeds();
        assertEquals(0, call.await(LIMIT.toSeconds()).code());
    }

    boolean isUp(String state) {
        return state.equals("running") || state.equals("degraded");
    }

    private String systemctl(String id, String... arguments) {
        List<String> words = new ArrayList<>(List.of("exec", id, "/usr/bin/systemctl"));
        words.addAll(List.of(arguments));
        Execution answer = jrun.call(words.toArray(new String[0]));
        return (answer.output() + answer.errors()).strip();
    }

    @Test
    void itIsAtHomeInCgroupsOfItsOwn() {
        comesUpAndGoesDown(withOwnCgroups(), "");
    }

    /** As Podman has it on hosts with cgroup v1: without a namespace, and with the host's hierarchy of systemd. */
    @Test
    void itIsAtHomeInTheHostsHierarchy() {
        Programs.skipUnless(!isUnified(), "there is no cgroup v1 here");
        Bundle bundle = bundle().withoutNamespace("cgroup");
        mount(bundle, "/sys/fs/cgroup", "cgroup", "cgroup", "\"ro\", \"nosuid\", \"nodev\", \"noexec\"");
        mount(bundle, "/sys/fs/cgroup/systemd", "bind", "/sys/fs/cgroup/systemd", "\"bind\", \"rprivate\"");

        comesUpAndGoesDown(bundle, "/ID");
    }

    @Test
    void itIsAtHomeInACgroupThatIsDelegatedToIt() {
        Programs.skipUnless(isUnified(), "there is cgroup v1 here, which delegates nothing");

        comesUpAndGoesDown(withOwnCgroups().with("/annotations", "{\"run.oci.delegate-cgroup\": \"/init\"}"), "/init");
    }

    @Test
    void itIsAtHomeAsRootOfAUserNamespace() {
        Programs.skipUnless(isUnified(), "there is cgroup v1 here, which delegates nothing");

        Bundle bundle = withOwnCgroups().inUserNamespace();
        String owner = Bundle.FIRST_ID + ":" + Bundle.FIRST_ID;
        Programs.run("chown", "-hR", owner, bundle.rootfs().toString());

        comesUpAndGoesDown(bundle, "");
    }
}
