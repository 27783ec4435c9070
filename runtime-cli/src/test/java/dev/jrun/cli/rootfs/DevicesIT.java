// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code linux.devices}: what a container finds in its file system. */
class DevicesIT extends RealContainers {

    private static final String STAT = "stat -c '%n %F %a %u %g %t:%T' ";

    @Test
    void everyKindIsThereAsAskedForAndAsWithRunc() {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .with("/linux/devices", """
                        [{"type": "c", "path": "/dev/fuse", "major": 10, "minor": 229, "fileMode": 432, "uid": 1, "gid": 2},
                         {"type": "b", "path": "/data/deep/loop", "major": 7, "minor": 70000},
                         {"type": "u", "path": "/dev/unbuffered", "major": 300, "minor": 3, "fileMode": 33188},
                         {"type": "p", "path": "/data/pipe", "fileMode": 416, "gid": 7},
                         {"type": "c", "path": "/dev/ptmx", "major": 5, "minor": 2},
                         {"type": "c", "path": "/dev/zero", "major": 1, "minor": 5, "fileMode": 384, "uid": 5},
                         {"type": "c", "path": "/dev/fuse", "major": 10, "minor": 229}]""")
                .runsScript(
                        STAT
                                + "/dev/fuse /data/deep/loop /dev/unbuffered /data/pipe /dev/ptmx /dev/null /dev/zero /data/deep");

        String expected = """
                /dev/fuse character special file 660 1 2 a:e5
                /data/deep/loop block special file 666 0 0 7:11170
                /dev/unbuffered character special file 644 0 0 12c:3
                /data/pipe fifo 640 0 7 0:0
                /dev/ptmx symbolic link 777 0 0 0:0
                /dev/null character special file 666 0 0 1:3
                /dev/zero character special file 600 5 0 1:5
                /data/deep directory 755 0 0 0:0
                """;
        assertEquals(expected, run(bundle).succeeds().output());
        Programs.need("runc");
        assertEquals(
                expected,
                sandbox.installed("runc")
                        .orElseThrow()
                        .call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output());
    }

    @Test
    void whatIsThereAlreadyStaysIfItIsTheDevice() throws IOException {
        Bundle bundle = sandbox.bundle().with("/root/readonly", "false").with("/linux/devices", """
                [{"type": "c", "path": "/data/null", "major": 1, "minor": 3, "fileMode": 384}]""");
        Path data = Files.createDirectory(bundle.rootfs().resolve("data"));
        Programs.run("mknod", "-m", "644", data.resolve("null").toString(), "c", "1", "3");

        assertEquals(
                "/data/null character special file 644 0 0 1:3\n",
                run(bundle.runsScript(STAT + "/data/null")).succeeds().output());

        String other = "make the character device /data/null (1:3): another file is at its path: file exists";
        Files.delete(data.resolve("null"));
        run(bundle.file("data/null", "rw-r--r--", "a file")).failsWith("config.json#/linux/devices/0: " + other);
        Files.delete(data.resolve("null"));
        run(bundle.link("data/null", "/etc/passwd")).failsWith(other);
        Files.delete(data.resolve("null"));
        Programs.run("mknod", data.resolve("null").toString(), "c", "1", "5");
        run(bundle).failsWith(other);
        Files.delete(data.resolve("null"));
        // A link that leads nowhere is not followed: what it names is not made.
        run(bundle.link("data/null", "/missing")).failsWith("/linux/devices/0");
        assertEquals(false, Files.exists(bundle.rootfs().resolve("missing")));
    }

    @Test
    void linksInTheImageLeadNowhereOutsideOfIt() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .link("absolute", outside.toString())
                .link("climbing", "../../../../../../../.." + outside)
                .with("/linux/devices", """
                        [{"type": "p", "path": "/absolute/one"}, {"type": "p", "path": "/climbing/../climbing/two"}]""");
        Files.createDirectories(bundle.rootfs().resolve(outside.toString().substring(1)));

        assertEquals(
                "%s/one\n%s/two\n".formatted(outside, outside),
                run(bundle.runsScript("find " + outside + " -type p | sort"))
                        .succeeds()
                        .output());
        try (Stream<Path> files = Files.list(outside)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aDevThatIsMountedHasToHaveThem() throws IOException {
        Path devices = Files.createDirectory(directory.resolve("devices"));
        Programs.run("mknod", devices.resolve("null").toString(), "c", "1", "3");
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .with("/mounts/1", """
                        {"destination": "/dev", "type": "bind", "source": "%s", "options": ["bind"]}""".formatted(devices))
                .with("/linux/devices", """
                        [{"type": "c", "path": "/dev/null", "major": 1, "minor": 3},
                         {"type": "p", "path": "/data/pipe"}]""")
                .runsScript("ls /dev; ls /data");

        assertEquals("mqueue\nnull\npts\nshm\npipe\n", run(bundle).succeeds().output());
        run(bundle.with("/linux/devices/0/minor", "5"))
                .failsWith("config.json#/linux/devices/0: find the character device /dev/null (1:5)"
                        + " in the /dev that is mounted: another file is at its path: file exists");
        run(bundle.with("/linux/devices/0/path", "\"/dev/other\""))
                .failsWith("in the /dev that is mounted: no such file or directory");
    }

    @Test
    void onlyTheRulesOfResourcesSayWhatMayBeOpened() {
        Bundle bundle = sandbox.bundle().with("/linux/devices", """
                        [{"type": "c", "path": "/dev/nobodys", "major": 10, "minor": 250}]""").runsScript(": < /dev/nobodys");

        assertEquals(
                "sh: can't open /dev/nobodys: Operation not permitted\n",
                run(bundle).errors());
        assertEquals(
                "sh: can't open /dev/nobodys: No such device\n",
                run(bundle.with("/linux/resources/devices/-", """
                                {"allow": true, "type": "c", "major": 10, "minor": 250, "access": "r"}""")).errors());
    }

    @Test
    void inAUserNamespaceTheHostsAreMounted() {
        Bundle bundle = sandbox.bundle()
                .inUserNamespace()
                .with("/root/readonly", "false")
                .with("/linux/devices", """
                        [{"type": "c", "path": "/dev/null", "major": 1, "minor": 3},
                         {"type": "p", "path": "/dev/pipe", "uid": 5}]""")
                .runsScript(
                        "stat -c '%n %F %t:%T' /dev/null /dev/zero; stat -c '%F %u' /dev/pipe; echo into > /dev/null");

        assertEquals("""
                /dev/null character special file 1:3
                /dev/zero character special file 1:5
                fifo 5
                """, run(bundle).succeeds().output());
        run(bundle.with("/linux/devices/-", """
                        {"type": "c", "path": "/dev/missing", "major": 1, "minor": 3}"""))
                .failsWith("config.json#/linux/devices/2: make the character device /dev/missing (1:3):"
                        + " mount the host's, since none can be made here: no such file or directory");
        run(bundle.with("/linux/devices/2/path", "\"/dev/zero\""))
                .failsWith("since none can be made here: another file is at its path: file exists");
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }
}
