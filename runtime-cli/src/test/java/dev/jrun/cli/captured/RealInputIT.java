// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.captured;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.DebianRoot;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bundles and root file systems that other tools made, run by jrun and by runc. */
class RealInputIT extends RealContainers {

    private static final String LOOK_AROUND = "id; pwd; env | sort; hostname; ls -a /; ls /dev; exit 5";

    private OciRuntime runc;

    @BeforeEach
    void needRunc() {
        Programs.need("runc");
        runc = sandbox.installed("runc").orElseThrow();
    }

    @Test
    void aBundleThatUmociUnpackedFromAnImage() {
        Programs.need("umoci");
        Bundle content = sandbox.bundle().file("srv/greeting", "rw-r--r--", "hello\n");
        String layout = directory.resolve("image").toString();
        String image = layout + ":made";
        Path unpacked = directory.resolve("unpacked");
        Programs.run("umoci", "init", "--layout", layout);
        Programs.run("umoci", "new", "--image", image);
        Programs.run("umoci", "insert", "--image", image, content.rootfs().toString(), "/");
        Programs.run(List.of(
                "umoci",
                "config",
                "--image",
                image,
                "--config.user",
                "1000:50",
                "--config.workingdir",
                "/srv",
                "--config.env",
                "FROM=the image",
                "--config.cmd",
                "cat",
                "--config.cmd",
                "greeting"));
        Programs.run("umoci", "unpack", "--image", image, unpacked.toString());

        Bundle bundle = Bundle.open(unpacked);

        assertEquals("hello\n", run(jrun, bundle).succeeds().output());
        bothSeeTheSame(bundle.runsScript(LOOK_AROUND), 5);
        assertTrue(run(jrun, bundle).output().startsWith("uid=1000(bob) gid=50\n/srv\nFROM=the image\n"));
    }

    @Test
    void aRootFileSystemThatPodmanExported() throws IOException {
        Programs.need("podman", "tar");
        Bundle content = sandbox.bundle();
        String archive = directory.resolve("root.tar").toString();
        String exported = directory.resolve("exported.tar").toString();
        Path made = directory.resolve("exported");
        Programs.run("tar", "-C", content.rootfs().toString(), "-cf", archive, ".");
        podman("import", archive, "localhost/made");
        String container = podman("create", "localhost/made", "sh").output().strip();
        podman("export", "--output", exported, container);
        podman("rm", "--force", container);
        Files.createDirectories(made.resolve("rootfs"));
        Programs.run("tar", "-C", made.resolve("rootfs").toString(), "-xf", exported);

        bothSeeTheSame(Bundle.around(made).runsScript(LOOK_AROUND), 5);
    }

    private Execution podman(String... arguments) {
        List<String> words = new ArrayList<>(List.of("podman", "--cgroup-manager=cgroupfs", "--events-backend=file"));
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("podman").toString()));
        words.addAll(List.of("--runroot", directory.resolve("podman-run").toString()));
        words.addAll(List.of(arguments));
        return Programs.run(words);
    }

    @Test
    void aDebianThatDebootstrapMade() throws IOException {
        Path debian = DebianRoot.of("bookworm");
        Bundle bundle = Bundle.around(Files.createDirectory(directory.resolve("debian")))
                .with("/root/path", '"' + debian.toString() + '"')
                .runs("bash", "-c", """
                        . /etc/os-release; echo $ID $VERSION_ID; set | grep ^BASH_VERSION
                        id; getent passwd root nobody; locale; perl -e 'print "$]\\n"'
                        dpkg --list | tail -n +6 | awk '{print $2, $3}'; apt-config dump | wc -l
                        for i in {1..50}; do (sleep 0.01 &) ; done; jobs; wait
                        cat <(echo process substitution) | sort -r; exit 5""");

        bothSeeTheSame(bundle, 5);

        Execution run = run(jrun, bundle);
        assertTrue(run.output().startsWith("debian "), run::toString);
    }

    private void bothSeeTheSame(Bundle bundle, int code) {
        Execution expected = run(runc, bundle);
        Execution found = run(jrun, bundle);
        assertEquals(code, expected.code(), expected::toString);
        assertEquals(code, found.code(), found::toString);
        // runc makes /dev/core only where the host has /proc/kcore.
        assertEquals(expected.output(), found.output().replace("core\nfd\n", hasCore() ? "core\nfd\n" : "fd\n"));
        assertEquals(expected.errors(), found.errors());
        sandbox.assertNothingIsLeft();
    }

    private static boolean hasCore() {
        return Files.exists(Path.of("/proc/kcore"));
    }

    private Execution run(OciRuntime runtime, Bundle bundle) {
        return runtime.call("run", "--bundle", bundle.path(), sandbox.newId());
    }
}
