// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOption.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mounts of every kind, as a process in the container finds them, and where it is installed as one finds them with
 * runc.
 */
class MountsIT extends RealContainers {

    /** What mountinfo says of mounts with "mine" in their place, without ids. */
    private static final String LOOK = "grep mine /proc/self/mountinfo | cut -d' ' -f4-;";

    @Test
    void aLinkThatLeadsNowhereHasItsTargetMadeInsideTheRoot() throws IOException {
        Path outside = directory.resolve("outside");
        Bundle bundle = sandbox.bundle()
                .link("relative", "run/../deep/er/mine1")
                .link("absolute", outside + "/mine2")
                .link("chain", "/absolute/x")
                .link("dir", "/var/none")
                .link("upwards", "../../../../../../../../mine3")
                .with("/mounts/-", tmpfs("/relative", "mode=700"))
                .with("/mounts/-", tmpfs("/chain", "mode=700"))
                .with("/mounts/-", bind("/etc/passwd", "/dir/mine4"))
                .with("/mounts/-", bind("/etc/passwd", "/upwards"))
                .runsScript("cut -d' ' -f5 /proc/self/mountinfo | grep mine");

        Execution run = run(bundle);

        assertEquals(List.of("/deep/er/mine1", outside + "/mine2/x", "/var/none/mine4", "/mine3"), run.lines());
        assertFalse(Files.exists(outside));
        assertTrue(Files.isRegularFile(bundle.rootfs().resolve("var/none/mine4")));
        assertTrue(Files.isDirectory(bundle.rootfs().resolve(outside.toString().substring(1) + "/mine2/x")));
    }

    @Test
    void linksThatGoInCirclesEnd() {
        Bundle bundle = sandbox.bundle().link("a", "b/x").link("b", "a/y").with("/mounts/-", tmpfs("/a/mine"));

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/7", "too many levels of symbolic links");
    }

    @Test
    void nothingIsMountedInProcThroughALink() {
        for (String target : List.of("/proc", "proc/self/attr", "/proc/sys/kernel")) {
            Bundle bundle = sandbox.bundle()
                    .link("link", target)
                    .with("/mounts/-", bind(directory.toString(), "/link"))
                    .runs("true");

            jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                    .failsWith("config.json#/mounts/7", "a link into /proc");
        }
    }

    @Test
    void filesOfProcThatAreTheSameForAllCanBeReplaced() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", bind("/etc/passwd", "/proc/uptime"))
                .runsScript("head -c 5 /proc/uptime");

        assertEquals("root:", run(bundle).output());
    }

    @Test
    void onlyProcIsBoundToProc() {
        Bundle bundle = sandbox.bundle().with("/mounts/0", bind("/etc", "/proc"));

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/0", "not a file system of type proc");
        run(sandbox.bundle().with("/mounts/0", bind("/proc", "/proc")).runs("true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc", "sys"})
    void procAndSysAreMountedOnRealDirectories(String name) throws IOException {
        Bundle bundle = sandbox.bundle().runs("true");
        Files.delete(bundle.rootfs().resolve(name));
        bundle.link(name, "tmp");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/", "must be a directory and no link");
    }

    @Test
    void missingDirectoriesForProcAndSysAreMade() throws IOException {
        Bundle bundle = sandbox.bundle().runsScript("test -d /proc/1 && test -d /sys/kernel");
        Files.delete(bundle.rootfs().resolve("proc"));
        Files.delete(bundle.rootfs().resolve("sys"));

        run(bundle);
    }

    @Test
    void optionsOfFileSystemsAreNamedWhereTheyAreWrong() {
        refused("/mounts/7/options/1: mount tmpfs on /tmp: tmpfs: Unknown parameter 'sizee'", "nosuid", "sizee=1");
        refused("/mounts/7/options/0: mount tmpfs on /tmp: tmpfs: Bad value for 'size'", "size=many");
        Bundle bundle = sandbox.bundle().with("/mounts/-", "{\"destination\": \"/tmp\", \"type\": \"nosuchfs\"}");
        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/7: mount nosuchfs on /tmp: no such device");
    }

    private void refused(String message, String... options) {
        Bundle bundle = sandbox.bundle().with("/mounts/-", tmpfs("/tmp", options));
        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).failsWith(message);
    }

    @Test
    void recursiveOptionsReachTheMountsBelow() throws IOException {
        Path source = Files.createDirectories(directory.resolve("source/below")).getParent();
        Execution.of(new ProcessBuilder("mount", "-t", "tmpfs", "below", source + "/below"))
                .succeeds();
        try {
            Bundle bundle = sandbox.bundle()
                    .with("/mounts/-", mount(source, "/mine1", "rbind", "ro"))
                    .with("/mounts/-", mount(source, "/mine2", "rbind", "rro", "rnosuid", "rnoatime"))
                    .with("/mounts/-", mount(source, "/mine3", "rbind", "rro", "rrw", "rnodev", "rnoexec"))
                    .with("/mounts/-", mount(source, "/mine4", "bind", "rro"))
                    .runsScript("""
                            for m in /mine1 /mine2 /mine3 /mine4; do
                                touch $m/x 2>/dev/null && echo $m is writable
                                touch $m/below/x 2>/dev/null && echo $m/below is writable
                            done
                            grep '/mine[23]' /proc/self/mountinfo | cut -d' ' -f5-6""");

            assertEquals("""
                    /mine1/below is writable
                    /mine3 is writable
                    /mine3/below is writable
                    /mine2 ro,nosuid,noatime
                    /mine2/below ro,nosuid,noatime
                    /mine3 rw,nodev,noexec,relatime
                    /mine3/below rw,nodev,noexec,relatime
                    """, run(bundle).output());
        } finally {
            Execution.of(new ProcessBuilder("umount", source + "/below")).succeeds();
        }
    }

    @Test
    void aTmpfsIsFilledWithWhatItHides() throws IOException {
        String look = """
                cd /mine; find . -mindepth 1 | sort | xargs stat -c '%n %F %a %u:%g %t,%T %Y %s'
                find . -type l | sort | xargs -n1 readlink; cat file deep/er/file; ls -ld . | cut -c1-10""";
        Bundle bundle = sandbox.bundle()
                .file("mine/file", "rwsr-x--x".replace('s', 'x'), "content\n")
                .file("mine/large", "rw-------", "x".repeat(3_000_000))
                .file("mine/deep/er/file", "r--------", "deep\n")
                .file("mine/empty/.hidden", "rw-rw-rw-", "")
                .link("mine/link", "../../../../etc/shadow")
                .link("mine/deep/up", "..");
        Path mine = bundle.rootfs().resolve("mine");
        for (int i = 0; i < 400; i++) {
            Files.writeString(mine.resolve("empty/a file with a long name so that it takes several reads " + i), "");
        }
        for (String command : List.of(
                "mknod pipe p",
                "mknod null c 1 3",
                "chown -h 1000:2000 file link",
                "chmod 4751 file",
                "chown 77:78 deep/er",
                "chmod 1777 deep",
                "touch -d 2001-02-03 deep/er/file file deep",
                "touch -h -d 2002-03-04 link",
                "chmod 751 .")) {
            Execution.of(new ProcessBuilder("sh", "-c", command).directory(mine.toFile()))
                    .succeeds();
        }
        String plain = run(bundle.runsScript(look)).output();

        Bundle copied = bundle.with("/mounts/-", tmpfs("/mine", "tmpcopyup", "ro"))
                .runsScript(
                        "touch /mine/x 2>/dev/null && echo writable;" + look + "; grep -c mine /proc/self/mountinfo");

        assertEquals(
                plain.replaceAll("directory (\\S+ \\S+ \\S+ \\S+) \\d+", "directory $1") + "1\n",
                run(copied).output().replaceAll("directory (\\S+ \\S+ \\S+ \\S+) \\d+", "directory $1"));
    }

    @Test
    void aTmpfsThatHidesNothingIsEmpty() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", tmpfs("/not/there", "tmpcopyup"))
                .runsScript("ls -A /not/there; stat -c %a /not/there");

        assertEquals("1777\n", run(bundle).output());
    }

    @Test
    void aTmpfsTakesOverPermissionsUnlessItHasItsOwn() throws IOException {
        Bundle bundle = sandbox.bundle().runsScript("stat -c %a /mine1 /mine2 /mine3");
        for (String name : List.of("mine1", "mine2", "mine3")) {
            Path place = Files.createDirectory(bundle.rootfs().resolve(name));
            Execution.of(new ProcessBuilder("chmod", "2750", place.toString())).succeeds();
        }
        bundle.with("/mounts/-", tmpfs("/mine1"))
                .with("/mounts/-", tmpfs("/mine2", "mode=711"))
                .with("/mounts/-", tmpfs("/mine3", "ro", "size=10%"));

        // runc before 1.2 has no regard for an option mode=, crun takes over nothing.
        assertEquals("2750\n711\n2750\n", run(bundle).output());
    }

    @Test
    void mountsAreMadeInReadOnlyTmpfs() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", tmpfs("/mine", "ro"))
                .with("/mounts/-", bind("/etc/passwd", "/mine/a/file"))
                .runsScript("head -c 5 /mine/a/file; touch /mine/x 2>/dev/null || echo read-only");

        sameAsRunc(bundle, "root:read-only\n");
    }

    @Test
    void aMountIsChangedByRemounting() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", tmpfs("/dev/shm", "remount", "ro", "nosuid", "size=4k"))
                .runsScript("grep /dev/shm /proc/self/mountinfo | cut -d' ' -f5-");

        assertEquals(
                "/dev/shm ro,nosuid,relatime - tmpfs shm ro,size=4k\n",
                run(bundle).output());
    }

    /** Not by a bind mount of it, nor by the root file system, nor by a link of the image to that. */
    @Test
    void noRemountChangesAFileSystemOfTheHost() throws IOException {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Programs.run("mount", "-t", "tmpfs", "none", volume.toString()).succeeds();
        try {
            Bundle bundle = sandbox.bundle().runs("true").link("data", "/").with("/root/readonly", "false");
            Programs.run("cp", "-a", bundle.rootfs() + "/.", volume.toString()).succeeds();
            bundle.with("/root/path", '"' + volume.toString() + '"')
                    .with("/mounts/-", bind(volume.toString(), "/mine"))
                    .with("/mounts/-", tmpfs("/mine", "remount", "ro"));
            for (String place : List.of("/mine", "/data", "/etc")) {
                jrun.call(
                                "run",
                                "--bundle",
                                bundle.with("/mounts/8", tmpfs(place, "remount", "ro"))
                                        .path(),
                                sandbox.newId())
                        .failsWith(
                                "config.json#/mounts/8: mount tmpfs on " + place + ": ",
                                "with \"bind\" among the options");
                Files.createFile(volume.resolve("new" + place.substring(1)));
            }
        } finally {
            Programs.run("umount", volume.toString()).succeeds();
        }
    }

    @Test
    void copyingBringsNothingToLifeThatTheMountForbids() throws IOException {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Programs.run("mount", "-t", "tmpfs", "-o", "nodev,nosuid", "none", volume.toString())
                .succeeds();
        try {
            Programs.run("mknod", volume.resolve("zero").toString(), "c", "1", "5")
                    .succeeds();
            Bundle bundle = sandbox.bundle()
                    .with("/mounts/-", bind(volume.toString(), "/mine"))
                    .with("/mounts/-", tmpfs("/mine", "tmpcopyup"))
                    .runsScript(
                            "head -c 1 /mine/zero 2>&1; grep '/mine ' /proc/self/mountinfo | tail -n 1 | cut -d' ' -f6");

            assertEquals(
                    "head: /mine/zero: Permission denied\nrw,nosuid,nodev,relatime\n",
                    run(bundle).output());

            bundle.with("/mounts/8", tmpfs("/mine", "tmpcopyup", "dev")).runsScript("head -c 1 /mine/zero | wc -c");
            assertEquals("1\n", run(bundle).output());
        } finally {
            Programs.run("umount", volume.toString()).succeeds();
        }
    }

    /** By way of a link of the image, a tmpfs may hide a place that a volume is mounted below. */
    @Test
    void nothingIsCopiedOfWhatOtherMountsHave() throws IOException {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Programs.run("mount", "-t", "tmpfs", "-o", "nodev,nosuid,noexec,mode=2751", "none", volume.toString())
                .succeeds();
        try {
            Programs.run("cp", "/bin/busybox", volume.resolve("tool").toString())
                    .succeeds();
            Programs.run("chmod", "4755", volume.resolve("tool").toString()).succeeds();
            Bundle bundle = sandbox.bundle().link("z", "/b");
            Files.createDirectories(bundle.rootfs().resolve("b/own/deep"));
            Files.writeString(bundle.rootfs().resolve("b/own/deep/file"), "image's\n");
            bundle.with("/mounts/-", bind(volume.toString(), "/b/v"))
                    .with("/mounts/-", bind(volume.resolve("tool").toString(), "/b/own/deep/tool"))
                    .with("/mounts/-", tmpfs("/z", "tmpcopyup"))
                    .runsScript("cd /b; cat own/deep/file; stat -c '%n %a %F' v own/deep/tool; ls -A v | wc -l");

            assertEquals(
                    "image's\nv 751 directory\nown/deep/tool 755 regular empty file\n0\n",
                    run(bundle).output());
        } finally {
            Programs.run("umount", volume.toString()).succeeds();
        }
    }

    @Test
    void recursiveOptionsReachRemountedMountsNewTmpfsAndCgroups() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", bind(directory.toString(), "/mine1"))
                .with("/mounts/-", bind(directory.toString(), "/mine1").replace("[", "[\"remount\", \"rro\", "))
                .with("/mounts/-", tmpfs("/bin/mine2", "rro"))
                .with("/mounts/-", tmpfs("/root", "rro"))
                .with("/mounts/-", tmpfs("/root/mine3"))
                .with("/mounts/6/options", "[\"rro\"]")
                .runsScript("while read _ _ _ _ where how _; do case $where in /mine1|/bin/mine2|/root|/root/mine3)"
                        + " echo $where ${how%%,*};; /sys/fs/cgroup/cpu*|/sys/fs/cgroup/pids) echo ${how%%,*};;"
                        + " esac; done < /proc/self/mountinfo | sort -u");

        assertEquals(
                List.of("/bin/mine2 ro", "/mine1 ro", "/root ro", "/root/mine3 rw", "ro"),
                run(bundle).lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", ".", "bin/.."})
    void nothingIsMountedOverTheRootThroughALink(String target) {
        Bundle bundle = sandbox.bundle()
                .link("link", target)
                .with("/mounts/-", tmpfs("/link"))
                .runs("true");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/7", "a link to the root, which cannot be mounted over");
    }

    @Test
    void theRootCanBeAReadOnlyPath() {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .with("/linux/readonlyPaths", "[\"\", \"/\"]")
                .runsScript("touch /x 2>&1 || true");

        assertEquals("touch: /x: Read-only file system\n", run(bundle).output());
    }

    @Test
    void optionsJoinedByCommasAreTheFileSystems() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", tmpfs("/mine", "", "size=4k,mode=700", "nosuid"))
                .runsScript(LOOK);

        sameAsRunc(bundle, run(bundle).output());
        assertTrue(run(bundle).output().contains("size=4k,mode=700"));
    }

    @Test
    void whatAnErrorQuotesCannotControlATerminal() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", bind("/not/there", "/a\\u001b[31mb"))
                .runs("true");

        Execution run = jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

        run.failsWith("on /a\\u001b[31mb: no such file or directory");
        assertFalse(run.errors().contains("\u001b"), run::toString);
    }

    @Test
    void flagsOfFileSystemsAreThoseAskedFor() {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", tmpfs("/mine1", "sync", "dirsync", "mode=700"))
                .with("/mounts/-", tmpfs("/mine2", "iversion", "silent", "nosuid", "mode=700"))
                .with(
                        "/mounts/-",
                        tmpfs("/mine3", "sync", "async", "iversion", "noiversion", "silent", "loud", "mode=700"))
                .with("/mounts/-", tmpfs("/mine4", "lazytime", "mode=700"))
                .runsScript(LOOK);

        Execution run = run(bundle);

        assertEquals(4, run.lines().size(), run::toString);
        sameAsRunc(bundle, run.output());
        Bundle below = sandbox.bundle()
                .with("/mounts/-", tmpfs("/mine", "rsync", "rdirsync", "rnomand"))
                .runsScript("grep mine /proc/self/mountinfo | cut -d' ' -f8-");
        assertEquals("tmpfs x rw,sync,dirsync\n", run(below).output());
    }

    @Test
    void everyOptionOfRuncDoesTheSame() throws IOException {
        Programs.need("runc");
        JsonNode known = OciRuntime.json(sandbox.installed("runc")
                .orElseThrow()
                .call("features")
                .succeeds()
                .output());
        Path source = Files.createDirectory(directory.resolve("source"));
        Bundle bundle = sandbox.bundle();
        int mounts = 0;
        for (JsonNode name : known.get("mountOptions")) {
            String option = name.asText();
            boolean below = MountOption.named(option)
                    .map(MountOption::meaning)
                    .filter(meaning -> meaning instanceof Meaning.SetsBelow || meaning instanceof Meaning.ClearsBelow)
                    .isPresent();
            // runc takes what is for all below only of bind mounts, and before 1.2 hands over "defaults".
            if (!below
                    && !Set.of("bind", "rbind", "remount", "tmpcopyup", "acl", "noacl", "defaults")
                            .contains(option)) {
                bundle.with("/mounts/-", tmpfs("/mine/new/" + option, option, "mode=700"));
                mounts++;
            }
            // How access times are kept below, runc before 1.2 asks in a way that the kernel refuses.
            if (!option.equals("remount")
                    && !option.equals("tmpcopyup")
                    && !option.matches("r(no)?(|rel|strict)atime")) {
                bundle.with("/mounts/-", mount(source, "/mine/bound/" + option, "bind", option));
                mounts++;
            }
        }
        bundle.runsScript(LOOK);

        Execution run = run(bundle);

        assertEquals(mounts, run.lines().size(), run::toString);
        sameAsRunc(bundle, run.output());
    }

    @Test
    void mountsAreAsWithRunc() throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("file"), "content");
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", mount(source, "/mine1", "bind"))
                .with("/mounts/-", mount(source, "/mine2", "rbind", "ro", "nosuid", "nodev", "noexec"))
                .with("/mounts/-", mount(source, "/mine3", "bind", "noatime", "nodiratime", "rprivate"))
                .with("/mounts/-", mount(source, "/mine4", "bind", "strictatime", "rw"))
                .with("/mounts/-", mount(source, "/mine5", "bind", "ro", "rw", "shared"))
                .with("/mounts/-", mount(source.resolve("file"), "/mine6", "bind", "ro"))
                .with("/mounts/-", tmpfs("/mine7", "nosuid", "strictatime", "size=64k", "mode=700", "uid=7", "gid=8"))
                .with("/mounts/-", tmpfs("/mine8", "noexec", "noatime", "nr_inodes=100"))
                .with("/mounts/-", tmpfs("/mine9", "ro", "size=50%", "unbindable"))
                .with("/mounts/-", "{\"destination\": \"/mine10\", \"type\": \"mqueue\", \"source\": \"x\"}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/mine11\", \"type\": \"devpts\", \"source\": \"x\","
                                + " \"options\": [\"newinstance\", \"ptmxmode=0600\", \"gid=7\"]}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/mine12\", \"type\": \"\", \"source\": \"/etc\","
                                + " \"options\": [\"rbind\", \"ro\"]}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/mine13\", \"type\": \"none\", \"source\": \"/etc\","
                                + " \"options\": [\"bind\"]}")
                .runsScript(LOOK);

        Execution run = run(bundle);

        assertEquals(13, run.lines().size(), run::toString);
        sameAsRunc(bundle, run.output());
    }

    @Test
    void mountsOfTheContainerReachTheHostOnlyIfTheRootIsShared() throws IOException {
        Path source = Files.createDirectory(directory.resolve("shared"));
        Execution.of(new ProcessBuilder("mount", "-t", "tmpfs", "shared", source.toString()))
                .succeeds();
        try {
            Execution.of(new ProcessBuilder("mount", "--make-shared", source.toString()))
                    .succeeds();
            Files.createDirectory(source.resolve("place"));
            for (String propagation : List.of("rshared", "rslave", "rprivate")) {
                Bundle bundle = sandbox.bundle()
                        .with("/linux/rootfsPropagation", '"' + propagation + '"')
                        .with("/mounts/-", mount(source, "/mine", "rbind", "rshared"));
                for (String set : List.of("bounding", "permitted", "effective")) {
                    bundle.with("/process/capabilities/" + set, "[\"CAP_SYS_ADMIN\"]");
                }
                bundle.runsScript("mount -t tmpfs made /mine/place && touch /mine/place/file");
                for (OciRuntime runtime :
                        List.of(jrun, sandbox.installed("runc").orElse(jrun))) {
                    runtime.call("run", "--bundle", bundle.path(), sandbox.newId())
                            .succeeds();

                    boolean reached = Files.exists(source.resolve("place/file"));
                    if (reached) {
                        Execution.of(new ProcessBuilder("umount", source + "/place"))
                                .succeeds();
                    }
                    assertEquals(propagation.equals("rshared"), reached, runtime.name() + " " + propagation);
                }
            }
        } finally {
            Execution.of(new ProcessBuilder("umount", "-R", source.toString())).succeeds();
        }
    }

    @Test
    void filesHaveOtherOwnersWhereIdsAreMapped() throws IOException {
        Path source = Files.createDirectories(directory.resolve("owned/below")).getParent();
        Execution.of(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "mode=755", "below", source + "/below"))
                .succeeds();
        try {
            for (String file : List.of("file", "below/file")) {
                Files.writeString(source.resolve(file), "");
                Execution.of(new ProcessBuilder(
                                "chown", "3:4", source.resolve(file).toString()))
                        .succeeds();
            }
            String mapping = "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1000, \"size\": 10},"
                    + " {\"containerID\": 10, \"hostID\": 5000, \"size\": 10}],"
                    + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": 2000, \"size\": 10}]";
            Bundle bundle = sandbox.bundle()
                    .with("/mounts/-", mapped(source, "/mine1", mapping, "rbind", "idmap"))
                    .with("/mounts/-", mapped(source, "/mine2", mapping, "rbind", "ridmap"))
                    .with("/mounts/-", mapped(source, "/mine3", mapping, "bind", "ro"))
                    .with("/mounts/-", mapped(source.resolve("file"), "/mine4", mapping, "bind"))
                    .with("/mounts/-", mount(source, "/mine5", "rbind", "idmap=uids=0-100-10;gids=0-200-10"))
                    .with("/mounts/-", mount(source, "/mine6", "rbind", "ridmap=uids=0-100-10;gids=0-200-10"))
                    .runsScript("""
                            stat -c '%n %u:%g' /mine1/file /mine1/below/file /mine2/file /mine2/below/file /mine3/file /mine4 \\
                                /mine5/file /mine5/below/file /mine6/file /mine6/below/file
                            touch /mine3/x 2>/dev/null || echo read-only""");

            assertEquals("""
                    /mine1/file 1003:2004
                    /mine1/below/file 3:4
                    /mine2/file 1003:2004
                    /mine2/below/file 1003:2004
                    /mine3/file 1003:2004
                    /mine4 1003:2004
                    /mine5/file 103:204
                    /mine5/below/file 3:4
                    /mine6/file 103:204
                    /mine6/below/file 103:204
                    read-only
                    """, run(bundle).output());
        } finally {
            Execution.of(new ProcessBuilder("umount", source + "/below")).succeeds();
        }
    }

    @Test
    void aUserNamespaceGetsWhatOnlyTheCallerCanReach() throws IOException {
        Path hidden = Files.createDirectory(directory.resolve("hidden"));
        Execution.of(new ProcessBuilder("chmod", "700", hidden.toString())).succeeds();
        Path source = Files.createDirectory(hidden.resolve("source"));
        Files.writeString(source.resolve("file"), "content\n");
        Bundle bundle = sandbox.bundle()
                .with("/linux/namespaces/-", "{\"type\": \"user\"}")
                .with("/linux/uidMappings", "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]")
                .with("/linux/gidMappings", "[{\"containerID\": 0, \"hostID\": 200000, \"size\": 65536}]")
                .with("/mounts/-", mount(source, "/tmp", "bind", "ro"))
                .with("/mounts/-", mount(source, "/root", "bind", "idmap"))
                .runsScript("""
                        stat -c '%u:%g' /tmp/file /root/file; cat /tmp/file
                        touch /tmp/x 2>/dev/null || echo read-only; touch /root/made""");

        assertEquals("65534:65534\n0:0\ncontent\nread-only\n", run(bundle).output());
        assertEquals(0, Files.getAttribute(source.resolve("made"), "unix:uid"));
    }

    @Test
    void aFileSystemThatCannotMapIdsIsNamed() {
        String mapping = "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1000, \"size\": 10}],"
                + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": 2000, \"size\": 10}]";
        Bundle bundle = sandbox.bundle().with("/mounts/-", mapped(Path.of("/proc/sys"), "/mine", mapping, "bind"));

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/7/uidMappings: map the ids of /proc/sys on /mine: invalid argument");
        jrun.call(
                        "run",
                        "--bundle",
                        bundle.with("/mounts/7/options", "[\"bind\", \"idmap\"]")
                                .path(),
                        sandbox.newId())
                .failsWith("config.json#/mounts/7/options/1: map the ids of /proc/sys on /mine: invalid argument");
    }

    private static String mapped(Path source, String destination, String mapping, String... options) {
        return "{\"destination\": \"%s\", \"source\": \"%s\", \"options\": %s, %s}"
                .formatted(destination, source, list(options), mapping);
    }

    @Test
    void aPrivateRootNeedsPivotRoot() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/rootfsPropagation", "\"rprivate\"")
                .runs("true");

        jrun.call("run", "--no-pivot", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/linux/rootfsPropagation", "not safe without pivot_root");
    }

    @Test
    void aLabelNeedsSelinux() {
        Bundle bundle = sandbox.bundle().with("/linux/mountLabel", "\"u:r:t:s0\"");
        assumeFalse(Files.exists(Path.of("/sys/fs/selinux/enforce")), "SELinux is enabled here");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/linux/mountLabel", "SELinux is not enabled");
    }

    private void sameAsRunc(Bundle bundle, String expected) {
        assertEquals(expected, run(bundle).output());
        Optional<OciRuntime> runc = sandbox.installed("runc");
        runc.ifPresent(other -> assertEquals(
                withoutIds(other.call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output()),
                withoutIds(expected)));
    }

    /**
     * Without the numbers of peer groups, and without what newer releases of runc add: a tmpfs on a place that was
     * missing has the mode that they make directories with.
     */
    private static String withoutIds(String mountinfo) {
        return mountinfo
                .replaceAll("shared:\\d+", "shared")
                .replaceAll("master:\\d+", "master")
                .replaceAll("(tmpfs x .*),mode=755", "$1");
    }

    private static String tmpfs(String destination, String... options) {
        return "{\"destination\": \"%s\", \"type\": \"tmpfs\", \"source\": \"x\", \"options\": %s}"
                .formatted(destination, list(options));
    }

    private static String bind(String source, String destination) {
        return mount(Path.of(source), destination, "bind");
    }

    private static String mount(Path source, String destination, String... options) {
        return "{\"destination\": \"%s\", \"source\": \"%s\", \"options\": %s}"
                .formatted(destination, source, list(options));
    }

    private static String list(String... options) {
        return options.length == 0 ? "[]" : "[\"" + String.join("\", \"", options) + "\"]";
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();
    }
}
