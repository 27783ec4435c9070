// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.DebianRoot;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A newer Debian with the engines of its time, or this one: its root file system, in mount, pid, network, uts and ipc
 * namespaces of its own. What is written to it is gone with it. Its process 1, which reaps orphans, ends with
 * {@link #close()}, and everything else in there with that. Cgroups and devices are the host's.
 */
public final class DebianMachine implements Machine {

    private static final String[] SID = {
        "podman",
        "conmon",
        "netavark",
        "aardvark-dns",
        "buildah",
        "catatonit",
        "containerd",
        "containernetworking-plugins",
        "docker.io",
        "docker-cli",
        "docker-buildx",
        "docker-compose",
        "runc",
        "crun",
        "iptables",
        "nftables",
        "iproute2",
        "procps",
        "busybox-static"
    };

    private static final String[] TRIXIE = {
        "containerd", "containernetworking-plugins", "runc", "iptables", "iproute2", "procps"
    };

    /** Roots that write nothing to the one that is shared: an overlay in memory of this mount namespace's own. */
    private static final String SCRIPT = """
            set -e
            lower=$1 jrun=$2 scratch=$3
            mount -t tmpfs tmpfs /mnt
            mkdir /mnt/upper /mnt/work /mnt/root
            mount -t overlay -o "lowerdir=$lower,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/root
            cd /mnt/root
            mount -t proc proc proc
            mount --rbind /sys sys
            mount --rbind /dev dev
            mount -t tmpfs -o mode=755 tmpfs run
            mount -t tmpfs tmpfs tmp
            mkdir -p ".$jrun" ".$scratch" old
            mount --bind "$jrun" ".$jrun"
            mount --bind "$scratch" ".$scratch"
            pivot_root . old
            umount -l /old
            ip link set lo up
            echo ready
            cat # and not exec: the shell reaps orphans while it waits
            """;

    private final Unshared namespaces;

    private DebianMachine(Unshared namespaces) {
        this.namespaces = namespaces;
    }

    /**
     * Podman 5, Docker 28, containerd 2.1. The test is skipped if that cannot be had here.
     *
     * @param scratch a directory that has the same path there
     */
    public static DebianMachine sid(Path scratch) {
        return open("sid", scratch, SID);
    }

    /** containerd 1.7; as {@link #sid}. */
    public static DebianMachine trixie(Path scratch) {
        return open("trixie", scratch, TRIXIE);
    }

    /** What is installed on this host, for tests of what would change the host otherwise; as {@link #sid}. */
    public static DebianMachine likeThisHost(Path scratch, String... programs) {
        Programs.need(programs);
        return enter(Path.of("/"), scratch);
    }

    private static DebianMachine open(String suite, Path scratch, String... packages) {
        Programs.needContainers();
        return enter(DebianRoot.of(suite, packages), scratch);
    }

    private static DebianMachine enter(Path root, Path scratch) {
        Programs.needContainers();
        Programs.need("unshare", "nsenter", "ip");
        return new DebianMachine(Unshared.executing(
                List.of("--mount", "--net", "--pid", "--uts", "--ipc", "--propagation", "private"),
                SCRIPT,
                root.toString(),
                JRUN_HOME.toString(),
                scratch.toString()));
    }

    @Override
    public ProcessBuilder command(List<String> words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(namespaces.pid())));
        command.addAll(List.of("--mount", "--net", "--pid", "--uts", "--ipc"));
        command.addAll(words);
        var builder = new ProcessBuilder(command);
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("HOME", "/root");
        return builder;
    }

    /** Its processes are killed by the kernel when process 1 has ended. */
    @Override
    public void close() {
        namespaces.close();
    }
}
