// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fields of config.json that mean something else, or take other rights, with a user namespace of the container's own.
 */
class UserNamespaceFieldsIT extends RealContainers {

    private static final String OWN_NAMESPACE = Unshared.identity(Path.of("/proc/self/ns/user"));

    private Bundle bundle() {
        return sandbox.bundle().inUserNamespace();
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    private static void give(Path file, long uid, long gid) {
        Programs.run("chown", "-R", uid + ":" + gid, file.toString());
    }

    @Test
    void hooksRunInTheCallersUserNamespaceOrTheContainers() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path notes = Files.createFile(directory.resolve("notes"));
        Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("rw-rw-rw-"));
        Bundle bundle = bundle().with("/hooks", "{}");
        for (String name : List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
            bundle.with("/hooks/" + name, noting("/bin/busybox", name, notes.toString()));
        }
        bundle.with("/hooks/startContainer", noting("/bin/sh", "startContainer", "/dev/shm/notes"))
                .runsScript("cat /dev/shm/notes; readlink /proc/self/ns/user");

        List<String> lines = run(bundle).succeeds().lines();

        String inside = lines.get(1);
        assertEquals("startContainer 0 " + inside, lines.getFirst());
        assertEquals(
                List.of(
                        "prestart 0 " + OWN_NAMESPACE,
                        "createRuntime 0 " + OWN_NAMESPACE,
                        "createContainer 0 " + inside,
                        "poststart 0 " + OWN_NAMESPACE,
                        "poststop 0 " + OWN_NAMESPACE),
                Files.readAllLines(notes));
    }

    private static String noting(String shell, String name, String file) {
        return "[{\"path\": \"%s\", \"args\": [\"sh\", \"-c\", \"echo %s $(id -u) $(readlink /proc/self/ns/user) >> %s\"]}]"
                .formatted(shell, name, file);
    }

    @ParameterizedTest
    @CsvSource({
        "SCMP_ACT_ERRNO, true, 1",
        "SCMP_ACT_ERRNO, false, 1",
        "SCMP_ACT_KILL_PROCESS, true, 159",
        "SCMP_ACT_KILL_PROCESS, false, 159",
    })
    void aSeccompFilterIsInForce(String action, boolean noNewPrivileges, int code) {
        Bundle bundle = bundle().with("/linux/seccomp", """
                        {"defaultAction": "SCMP_ACT_ALLOW",
                         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "%s"}]}""".formatted(action))
                .with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges))
                .runsScript("grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status; mkdir /dev/shm/x");

        Execution run = run(bundle);

        assertEquals("NoNewPrivs:\t%d\nSeccomp:\t2\n".formatted(noNewPrivileges ? 1 : 0), run.output());
        assertEquals(code, run.code());
    }

    @Test
    void executionDomainOomScoreAndDomainNameAreThoseAskedFor() {
        Bundle bundle = bundle().with("/linux/personality", "{\"domain\": \"LINUX32\"}")
                .with("/process/oomScoreAdj", "321")
                .with("/domainname", "\"mine.example\"")
                .runsScript("cat /proc/self/personality /proc/self/oom_score_adj /proc/sys/kernel/domainname");

        assertEquals(
                List.of("00000008", "321", "mine.example"),
                run(bundle).succeeds().lines());
    }

    /** Of a root that is a shared mount on the host. */
    @ParameterizedTest
    @CsvSource({
        "shared, shared master",
        "rshared, shared master",
        "slave, master",
        "rslave, master",
        "private, ''",
        "rprivate, ''",
        "unbindable, unbindable",
        "runbindable, unbindable",
    })
    void theRootHasItsPropagation(String propagation, String expected) {
        Bundle bundle = bundle().with("/linux/rootfsPropagation", '"' + propagation + '"')
                .runsScript("awk '$5 == \"/\"' /proc/self/mountinfo | sed 's/ - .*//; s/:[0-9]*//g' | cut -d' ' -f7-");
        String root = bundle.rootfs().toString();
        Programs.run("mount", "--bind", root, root);
        try {
            Programs.run("mount", "--make-shared", root);
            assertEquals(expected + "\n", run(bundle).succeeds().output());
            Execution withoutPivot = jrun.call("run", "--no-pivot", "--bundle", bundle.path(), sandbox.newId());
            if (propagation.endsWith("private")) {
                withoutPivot.failsWith("config.json#/linux/rootfsPropagation: private is not safe without pivot_root");
            } else {
                assertEquals(expected + "\n", withoutPivot.succeeds().output());
            }
        } finally {
            Programs.run("umount", root);
        }
    }

    @Test
    void aTmpfsIsFilledWithWhatItHides() throws IOException {
        Bundle bundle = bundle().file("etc/mine/file", "rw-r--r--", "content\n")
                .file("etc/mine/theirs", "rw-r--r--", "")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/etc\", \"type\": \"tmpfs\", \"options\": [\"tmpcopyup\", \"ro\"]}")
                .runsScript("cd /etc; stat -c '%n %u:%g %a' mine mine/file mine/theirs; cat mine/file; touch x 2>&1");
        give(bundle.rootfs(), Bundle.FIRST_ID, Bundle.FIRST_ID);
        give(bundle.rootfs().resolve("etc/mine/file"), Bundle.FIRST_ID + 7, Bundle.FIRST_ID + 8);
        give(bundle.rootfs().resolve("etc/mine/theirs"), 3, 4);

        assertEquals("""
                mine 0:0 755
                mine/file 7:8 644
                mine/theirs 65534:65534 644
                content
                touch: x: Read-only file system
                """, run(bundle).output());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nosuid,nodev,noexec,ro | ro,nosuid,nodev,noexec,relatime rw
            nosuid                 | rw,nosuid,relatime rw
            nodev                  | rw,nodev,relatime rw
            noexec                 | rw,noexec,relatime rw
            noatime,nosymfollow    | rw,noatime,nosymfollow rw
            sync,dirsync,lazytime  | rw,relatime rw,sync,dirsync,lazytime
            """)
    void aNewFileSystemHasTheFlagsAskedFor(String options, String expected) {
        Bundle bundle = bundle().with("/mounts/-", """
                        {"destination": "/tmp", "type": "tmpfs", "options": ["%s"]}""".formatted(options.replace(",", "\", \"")))
                .runsScript(
                        "awk '$5 == \"/tmp\" {print $6, $NF}' /proc/self/mountinfo | sed 's/,mode=.*//; s/,uid=.*//'");

        assertEquals(expected + "\n", run(bundle).succeeds().output());
    }

    @Test
    void aFifoIsMadeAndABlockDeviceIsTheHosts() {
        Programs.skipUnless(Files.exists(Path.of("/dev/loop0")), "there is no block device /dev/loop0");
        Bundle bundle = bundle().with("/linux/devices", """
                        [{"type": "p", "path": "/dev/pipe", "gid": 6},
                         {"type": "b", "path": "/dev/loop0", "major": 7, "minor": 0, "uid": 5}]""").runsScript("""
                        stat -c '%n %F %u:%g %t:%T' /dev/pipe /dev/loop0
                        echo through > /dev/pipe & cat /dev/pipe""");

        assertEquals("""
                /dev/pipe fifo 0:6 0:0
                /dev/loop0 block special file 65534:65534 7:0
                through
                """, run(bundle).succeeds().output());
        run(bundle.with("/linux/devices/1/minor", "1"))
                .failsWith(
                        "config.json#/linux/devices/1: make the block device /dev/loop0 (7:1): mount the host's",
                        "another file is at its path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"bind\", \"idmap\"", "\"rbind\", \"ridmap\""})
    void idsAreMappedAsInTheUserNamespaceThatIsJoined(String options) throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        give(Files.createFile(source.resolve("file")), 3, 4);
        try (Unshared other = Unshared.open("--user", "--pid", "--net", "--ipc").mapped()) {
            Bundle bundle = sandbox.bundle()
                    .joining("user", other.file("user"))
                    .with("/mounts/-", """
                            {"destination": "/tmp", "source": "%s", "options": [%s]}""".formatted(source, options))
                    .runsScript("stat -c %u:%g /tmp/file; touch /tmp/made; readlink /proc/self/ns/user");

            assertEquals(
                    List.of("3:4", other.identity("user")),
                    run(bundle).succeeds().lines());
        }
        assertEquals(0, Files.getAttribute(source.resolve("made"), "unix:uid"));
    }
}
