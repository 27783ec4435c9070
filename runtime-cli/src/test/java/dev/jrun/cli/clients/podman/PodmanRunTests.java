// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code podman run}: what a container is like that ends by itself. */
abstract class PodmanRunTests extends PodmanTests {

    private static final String SECURITY = "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status";

    /** Of both versions of cgroups: some of these files are there. */
    private static final String LIMITS = """
            cd /sys/fs/cgroup
            cat memory/memory.limit_in_bytes memory/memory.memsw.limit_in_bytes cpu/cpu.cfs_quota_us cpu/cpu.shares \
                pids/pids.max cpuset/cpuset.cpus memory.max memory.swap.max cpu.max cpu.weight pids.max cpuset.cpus 2> /dev/null
            grep Cpus_allowed_list /proc/self/status
            """;

    @Test
    void runs() throws IOException {
        Path input = Files.writeString(scratch.resolve("input"), "from outside\n");
        String seen = sameAsWithRunc(session -> {
            session.script("echo out; echo err >&2; exit 5");
            session.script(
                    "id; pwd; echo $A; hostname; grep 10.0.0.1 /etc/hosts",
                    "--user=1000:5",
                    "--workdir=/tmp",
                    "--env=A=b",
                    "--hostname=h",
                    "--add-host=x:10.0.0.1",
                    "--group-add=7");
            session.podmanReading(input, PodmanSession.withoutNetwork("run", "--rm", "--interactive", IMAGE, "cat"));
            session.run("--rm", "--rootfs", scratch.resolve("image/rootfs") + ":O", "ls", "-d", "/bin/busybox");
        });
        assertTrue(seen.contains("\nout\nerr\n-> 5\n"), seen);
        assertTrue(seen.contains("uid=1000(bob) gid=5 groups=5,7\n/tmp\nb\nh\n10.0.0.1\tx\n-> 0\n"), seen);
        assertTrue(seen.contains("from outside\n-> 0\n"), seen);
    }

    /** Podman makes exit codes of a few words. */
    @Test
    void tellsWhatCannotBeExecuted() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.run("--rm", IMAGE, "none");
            session.run("--rm", IMAGE, "/none");
            session.run("--rm", IMAGE, "/etc/passwd");
            session.run("--rm", "--user=nobody", IMAGE, "true");
            session.run("--rm", "--ulimit=core=1:2", "--volume=/nosuch:/x", IMAGE, "true");
            session.run("--rm", "--sysctl=net.nosuch=1", IMAGE, "true");
        });
        assertEquals(List.of("127", "127", "126", "126", "125"), codes(seen).subList(0, 5), seen);

        Execution none = podman.call("jrun", PodmanSession.withoutNetwork("run", "--rm", IMAGE, "none"));
        assertTrue(
                none.errors()
                        .matches("Error: jrun: config.json#/process/args/0: exec: \"none\": executable file not found"
                                + ".*: OCI runtime attempted to invoke a command that was not found\n"),
                none::toString);
        // With a warning before it in the log.
        String annotation = "--annotation=run.oci.hooks.stdout=/x";
        Execution warned = podman.call("jrun", PodmanSession.withoutNetwork("run", "--rm", annotation, IMAGE, "none"));
        assertEquals(127, warned.code(), warned::toString);
        assertTrue(warned.errors().contains("exec: \"none\": executable file not found"), warned::toString);
        Execution denied =
                podman.call("jrun", PodmanSession.withoutNetwork("run", "--rm", annotation, IMAGE, "/etc/passwd"));
        assertEquals(126, denied.code(), denied::toString);
        // runc says "is a directory" since 1.2, of which Podman makes no code of its own.
        Execution directory = podman.call("jrun", PodmanSession.withoutNetwork("run", "--rm", IMAGE, "/etc"));
        assertEquals(126, directory.code(), directory::toString);
        assertTrue(directory.errors().endsWith(": OCI permission denied\n"), directory::toString);
    }

    @Test
    void runsWithLessRights() throws IOException {
        Path profile = Files.writeString(scratch.resolve("profile.json"), """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
                """);
        String seen = sameAsWithRunc(session -> {
            session.script(SECURITY);
            session.script(SECURITY + "; chown bob /tmp", "--cap-drop=all");
            session.script(SECURITY, "--cap-drop=all", "--cap-add=NET_ADMIN", "--user=bob");
            session.script(SECURITY, "--security-opt=no-new-privileges");
            session.script(SECURITY, "--security-opt=seccomp=unconfined");
            session.script("mkdir /x", "--security-opt=seccomp=" + profile);
            session.script(
                    "wc -c < /etc/passwd; wc -l < /proc/timer_list; touch /proc/sys/x; cat /proc/acpi/x",
                    "--security-opt=mask=/etc/passwd");
            session.script("echo 60 > /proc/sys/net/ipv4/tcp_fin_timeout", "--security-opt=unmask=ALL");
            session.script("grep '^proc /proc ' /proc/mounts", "--security-opt=proc-opts=hidepid=2");
        });
        assertTrue(seen.contains("CapBnd:\t0000000000000000\n"), seen);
        assertTrue(seen.contains("chown: /tmp: Operation not permitted\n"), seen);
        assertTrue(seen.contains("NoNewPrivs:\t1\nSeccomp:\t2\n"), seen);
        assertTrue(seen.contains("NoNewPrivs:\t0\nSeccomp:\t0\n"), seen);
        assertTrue(seen.contains("'/x': Function not implemented\n-> 1\n"), seen);
        assertTrue(seen.contains(",hidepid=invisible 0 0\n"), seen);
    }

    /**
     * But for the link /dev/core, which the OCI specification asks for, and runc makes only where there is a
     * /proc/kcore.
     */
    @Test
    void isPrivileged() throws IOException {
        String seen = sameAsWithRunc(session -> session.script(SECURITY + """
                ; mount -t tmpfs made /tmp && grep '^made' /proc/mounts
                ls /dev | grep -v -E '^(core|loop|dm-|nbd|vcs|pts)' | sort
                grep ' /sys ' /proc/mounts; echo 60 > /proc/sys/net/ipv4/tcp_fin_timeout && cat /proc/sys/net/ipv4/tcp_fin_timeout
                """, "--privileged"));
        assertTrue(seen.contains("NoNewPrivs:\t0\nSeccomp:\t0\nmade /tmp tmpfs rw,"), seen);
        assertTrue(seen.contains("\nkmsg\n"), seen);
        assertTrue(seen.endsWith("\n60\n-> 0\n"), seen);
    }

    @Test
    void mountsWhatItShall() throws IOException {
        Path volume = Files.createDirectory(scratch.resolve("volume"));
        Files.writeString(volume.resolve("file"), "outside\n");
        String seen = sameAsWithRunc(session -> {
            session.script(
                    "touch /x; touch /tmp/x /run/x /dev/shm/x && echo may; grep ' / ' /proc/mounts | cut -d , -f 1",
                    "--read-only");
            session.script("touch /tmp/x; ls /dev | grep -v core", "--read-only", "--read-only-tmpfs=false");
            session.script(
                    "cat /host/file; touch /host/x; touch /named/x /memory/x; df -k /memory /dev/shm",
                    "--volume=" + volume + ":/host:ro,z",
                    "--volume=named:/named",
                    "--tmpfs=/memory:size=64k,mode=700",
                    "--shm-size=2m");
            session.script(
                    "ls /named; touch /named/y; ls /image/bin/busybox",
                    "--mount=type=volume,source=named,destination=/named,ro=true",
                    "--mount=type=image,source=" + IMAGE + ",destination=/image");
            session.podman("volume", "rm", "named");
        });
        assertTrue(seen.contains("touch: /x: Read-only file system\n"), seen);
        assertTrue(seen.contains("may\n"), seen);
        assertTrue(seen.contains("outside\n"), seen);
        assertTrue(seen.contains("touch: /host/x: Read-only file system\n"), seen);
        assertTrue(seen.contains("touch: /named/y: Read-only file system\n"), seen);
    }

    @Test
    void hasAnInitThatReaps() throws IOException {
        Programs.skipUnless(
                Execution.of(podman.machine().command("ls", "/usr/libexec/podman/catatonit"))
                                .code()
                        == 0,
                "catatonit is not installed");
        String seen = sameAsWithRunc(session -> session.script(
                "cat /proc/1/comm; (true &); while ps -o stat | grep -q '^Z'; do :; done; ps -o args; exit 4",
                "--init"));
        assertTrue(seen.contains("/run/podman-init -- sh -c"), seen);
        assertTrue(seen.endsWith("\n-> 4\n"), seen);
    }

    @Test
    void keepsWithinLimits() throws IOException {
        Programs.skipUnless(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        String seen = sameAsWithRunc(session -> {
            session.script(
                    LIMITS,
                    "--memory=64m",
                    "--memory-swap=80m",
                    "--cpus=0.5",
                    "--cpu-shares=300",
                    "--pids-limit=50",
                    "--cpuset-cpus=0");
            session.script(
                    "grep 'open files' /proc/self/limits; cat /proc/self/oom_score_adj",
                    "--ulimit=nofile=100:200",
                    "--ulimit=nproc=1000:1000",
                    "--oom-score-adj=500");
            session.script("tail /dev/zero; echo $?", "--memory=16m", "--memory-swap=16m");
            session.script(
                    "ls -l /dev/x | cut -c1-10; echo opened < /dev/x; echo > /dev/x", "--device=/dev/fuse:/dev/x:r");
            session.script("cat /proc/sys/net/ipv4/ip_default_ttl", "--sysctl=net.ipv4.ip_default_ttl=70");
        });
        assertTrue(seen.contains("67108864\n"), seen);
        assertTrue(seen.contains("Cpus_allowed_list:\t0\n"), seen);
        assertTrue(seen.contains("\n137\n"), seen);
        assertTrue(seen.contains("opened\nsh: can't create /dev/x: Operation not permitted\n"), seen);
        assertTrue(seen.contains("\n70\n-> 0\n"), seen);
    }

    @Test
    void mapsUsers() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.script(
                    "cat /proc/self/uid_map /proc/self/gid_map; id -u; touch /x; stat -c '%u %g' /x /proc/sys; "
                            + SECURITY,
                    "--uidmap=0:100000:5000",
                    "--gidmap=0:200000:5000");
            session.script(
                    "cat /proc/self/uid_map",
                    "--userns=auto:size=2000,uidmapping=0:100000:2000,gidmapping=0:100000:2000");
            session.script(
                    "cat /proc/self/uid_map; mkdir -p /tmp/x; mount -t tmpfs x /tmp/x && echo mounted",
                    "--uidmap=0:100000:5000",
                    "--privileged");
        });
        assertTrue(
                seen.contains(
                        "         0     100000       5000\n         0     200000       5000\n0\n0 0\n65534 65534\n"),
                seen);
        assertTrue(seen.contains("mounted\n"), seen);
    }

    /** Debian 12's runc does not know that, and takes it for an ordinary bind mount. */
    @Test
    void mapsUsersOfVolumes() throws IOException {
        Path volume = Files.createDirectory(scratch.resolve("mapped"));
        String[] options = {"--uidmap=0:100000:5000", "--gidmap=0:100000:5000", "--volume=" + volume + ":/v:idmap"};
        Scenario scenario = session -> session.script("stat -c '%u %g' /v; touch /v/made; chown 7:8 /v/made", options);
        boolean known = Execution.of(podman.machine().command("runc", "features"))
                .output()
                .contains("\"idmap\"");
        String seen = known ? sameAsWithRunc(scenario) : played("jrun", scenario);
        assertTrue(seen.contains("\n0 0\n-> 0\n"), seen);
        assertEquals(7, Files.getAttribute(volume.resolve("made"), "unix:uid"));
        assertEquals(8, Files.getAttribute(volume.resolve("made"), "unix:gid"));
    }

    @Test
    void sharesNamespacesOfTheHost() throws IOException {
        String links = "for n in net pid ipc uts cgroup; do readlink /proc/self/ns/$n; done";
        String seen = sameAsWithRunc(session -> session.podman(
                "run",
                "--rm",
                "--network=host",
                "--pid=host",
                "--ipc=host",
                "--uts=host",
                "--cgroupns=host",
                IMAGE,
                "sh",
                "-c",
                links));
        String own = Execution.of(podman.machine().command("sh", "-c", links))
                .succeeds()
                .output();
        assertTrue(seen.endsWith(own + "-> 0\n"), () -> seen + own);
    }

    /** Podman asks that only of runtimes that its settings name, and runc is none. */
    @Test
    void runsWithoutCgroups() throws IOException {
        String own = Execution.of(podman.machine().command("cat", "/proc/self/cgroup"))
                .succeeds()
                .output();
        String seen = played(
                "jrun", session -> session.script("cat /proc/self/cgroup", "--cgroups=disabled", "--cgroupns=host"));
        assertTrue(seen.endsWith("\n" + own + "-> 0\n"), () -> seen + own);
        String without = sameAsWithRunc(
                session -> session.script("tail -n 1 /proc/self/cgroup", "--cgroups=no-conmon", "--cgroupns=host"));
        assertTrue(without.contains("/libpod_parent/libpod-"), without);
    }

    private static List<String> codes(String transcript) {
        return transcript
                .lines()
                .filter(line -> line.startsWith("-> "))
                .map(line -> line.substring(3))
                .toList();
    }
}
