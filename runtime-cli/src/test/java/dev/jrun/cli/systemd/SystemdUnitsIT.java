// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers as units of {@code Type=notify}, by a systemd that is started for it ({@code systemd --user}) in
 * namespaces of its own.
 */
class SystemdUnitsIT extends RealContainers {

    private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");

    private static final String UNIT = """
            [Service]
            Type=notify
            TimeoutStartSec=20
            Environment=JRUN_ENGINE_IDLE=0
            ExecStart=%s
            ExecStop=%s
            """;

    /** It ends with its status when it is asked to, as a service does. */
    private static final String SERVICE = "trap 'exit 0' TERM; %s; while :; do sleep 0.1; done";

    private static final String READY =
            "perl -MSocket -e 'socket(S, PF_UNIX, SOCK_DGRAM, 0) or die; send(S, \"READY=1\", 0,"
                    + " sockaddr_un($ENV{NOTIFY_SOCKET})) or die'";

    private ForeignCgroup cgroup;
    private Process namespaces;
    private Path home;
    private String id;

    @BeforeEach
    void startSystemd() throws IOException {
        Programs.need("systemctl", "unshare", "nsenter", "perl");
        Programs.skipUnless(Files.isExecutable(SYSTEMD), "systemd is not installed");
        home = directory.resolve("home");
        Files.createDirectories(home.resolve(".config/systemd/user"));
        Files.createDirectories(home.resolve("run/systemd"));
        cgroup = ForeignCgroup.at(managed(), "/" + sandbox.newId()).make();
        id = sandbox.newId();
        namespaces = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "--propagation",
                        "private",
                        "sh",
                        "-ec",
                        "mount -t tmpfs none /run/systemd; mkdir /run/systemd/system; for cgroup in " + cgroup.text()
                                + "; do echo 0 > $cgroup/cgroup.procs; done; " + String.join(" ", environment()) + " "
                                + SYSTEMD + " --user")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("systemd.log").toFile())
                .start();
        awaitSystemd();
    }

    /** What systemd has its units in. */
    private List<Path> managed() {
        return view().hierarchies().stream()
                .filter(hierarchy ->
                        HostView.isUnifiedOnly() || hierarchy.endsWith("systemd") || hierarchy.equals(view().unified()))
                .toList();
    }

    private List<String> environment() {
        return List.of(
                "HOME=" + home, "XDG_RUNTIME_DIR=" + home.resolve("run"), "XDG_CONFIG_HOME=" + home.resolve(".config"));
    }

    private void awaitSystemd() throws IOException {
        try {
            Eventually.isTrue(
                    "systemd runs",
                    () -> !namespaces.isAlive()
                            || inside("systemctl", "--user", "list-units").code() == 0);
        } catch (AssertionError e) {
            throw new AssertionError(Files.readString(directory.resolve("systemd.log")), e);
        }
        Programs.skipUnless(
                namespaces.isAlive(),
                "systemd does not run here: " + Files.readString(directory.resolve("systemd.log")));
    }

    @AfterEach
    void endSystemd() throws InterruptedException {
        if (namespaces != null) {
            namespaces.destroyForcibly();
            namespaces.waitFor();
        }
        if (cgroup != null) {
            for (Path made : cgroup.directories()) {
                Eventually.isTrue(
                        made + " is removed",
                        () -> Execution.of(new ProcessBuilder(
                                                "find",
                                                made.toString(),
                                                "-depth",
                                                "-type",
                                                "d",
                                                "-exec",
                                                "rmdir",
                                                "{}",
                                                "+"))
                                        .code()
                                == 0);
            }
        }
    }

    /** The first process of the pid namespace. */
    private long first() {
        return namespaces.children().findFirst().map(ProcessHandle::pid).orElse(0L);
    }

    private Execution inside(String... command) {
        List<String> words =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(first()), "--mount", "--pid", "env"));
        words.addAll(environment());
        words.addAll(List.of(command));
        return Execution.of(new ProcessBuilder(words));
    }

    private Bundle service(String ready) {
        Bundle bundle = sandbox.bundle()
                .with("/linux/cgroupsPath", "\"/" + id + "\"")
                .with("/process/env", "[\"PATH=/usr/bin:/bin\"]")
                .runs("/bin/sh", "-c", SERVICE.formatted(ready));
        for (String name : List.of("usr", "bin", "lib", "lib64")) {
            if (Files.isDirectory(Path.of("/" + name))) {
                bundle.with("/mounts/-", """
                        {"destination": "/%s", "source": "/%s", "options": ["rbind", "ro"]}""".formatted(name, name));
            }
        }
        return bundle;
    }

    private void unit(Bundle bundle, String... options) throws IOException {
        List<String> run = new ArrayList<>(jrun.words("run", "--bundle", bundle.path()));
        run.addAll(List.of(options));
        run.add(id);
        String stop = String.join(" ", jrun.words("kill", id, "TERM"));
        Files.writeString(
                home.resolve(".config/systemd/user/web.service"), UNIT.formatted(String.join(" ", run), stop));
        inside("systemctl", "--user", "daemon-reload").succeeds();
    }

    private String show(String property) {
        return inside("systemctl", "--user", "show", "--value", "-p", property, "web.service")
                .succeeds()
                .output()
                .strip();
    }

    private String pidInside() {
        return OciRuntime.json(inside(jrun.words("state", id).toArray(String[]::new))
                        .succeeds()
                        .output())
                .get("pid")
                .asText();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aContainerInTheForegroundIsAServiceThatIsReady(boolean terminal) throws IOException {
        unit(service(READY).with("/process/terminal", Boolean.toString(terminal)));

        Execution start = inside("systemctl", "--user", "start", "web.service");

        assertEquals("", start.succeeds().errors());
        assertEquals("active", show("ActiveState"));
        inside("systemctl", "--user", "stop", "web.service").succeeds();
        assertEquals("inactive success", show("ActiveState") + " " + show("Result"));
    }

    @Test
    void aDetachedContainersFirstProcessIsTheServices() throws IOException {
        unit(service(READY), "--detach");

        inside("systemctl", "--user", "start", "web.service").succeeds();

        assertEquals("active", show("ActiveState"));
        assertEquals(pidInside(), show("MainPID"));
        inside("systemctl", "--user", "stop", "web.service").succeeds();
        assertEquals("inactive success", show("ActiveState") + " " + show("Result"));
        inside(jrun.words("delete", id).toArray(String[]::new)).succeeds();
    }

    @Test
    void whatEndsBeforeItIsReadyIsAServiceThatHasFailed() throws IOException {
        unit(service("exit 3"));

        assertEquals(1, inside("systemctl", "--user", "start", "web.service").code());

        assertEquals("failed exit-code 3", show("ActiveState") + " " + show("Result") + " " + show("ExecMainStatus"));
    }
}
