// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.DebianRoot;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A newer Debian with the engines of its time, or this one: its root file system, in mount, pid, network, uts and ipc
 * namespaces of its own. What is written to it is gone with it. Its process 1, which reaps orphans, ends with
 * {@link #close()}, and everything else in there with that. Cgroups and devices are the host's.
 */
public final class DebianMachine implements Machine {

    /** Also {@code scripts/test-in-vm} makes a root file system of them. */
    private static final Path SID = Path.of("../scripts/sid-packages");

    private static final String[] TRIXIE = {
        "containerd", "containernetworking-plugins", "runc", "iptables", "iproute2", "procps"
    };

    /** Roots that write nothing to the one that is shared: an overlay in memory of this mount namespace's own. */
    private static final String SCRIPT = """
            set -e
            lower=$1 jrun=$2 scratch=$3 run=$4
            mount -t tmpfs tmpfs /mnt
            mkdir /mnt/upper /mnt/work /mnt/root
            mount -t overlay -o "lowerdir=$lower,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/root
            cd /mnt/root
            mount -t proc proc proc
            mount --rbind /sys sys
            mount --rbind /dev dev
            mount $run run # words
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

    private static final String OWN_RUN = "-t tmpfs -o mode=755 tmpfs";
    private static final String RUN_OF_THIS_HOST = "--rbind /run";

    private static final List<String> NAMESPACES = List.of("--mount", "--net", "--pid", "--uts", "--ipc");

    /** With other namespaces of pids, systemd would take the processes that it is told of for others. */
    private static final List<String> NAMESPACES_UNDER_SYSTEMD = List.of("--mount");

    private final Unshared namespaces;
    private final List<String> kinds;

    private DebianMachine(Unshared namespaces, List<String> kinds) {
        this.namespaces = namespaces;
        this.kinds = kinds;
    }

    /**
     * Podman 5, Docker 28, containerd 2.1. The test is skipped if that cannot be had here.
     *
     * @param scratch a directory that has the same path there
     */
    public static DebianMachine sid(Path scratch) {
        return enter(rootOfSid(), scratch);
    }

    /**
     * As {@link #sid}, with the systemd of this host, and all of its namespaces but that of mounts. What still runs in
     * there when it is closed goes on.
     */
    public static DebianMachine sidUnderSystemd(Path scratch) {
        return enter(rootOfSid(), scratch, NAMESPACES_UNDER_SYSTEMD, RUN_OF_THIS_HOST);
    }

    private static Path rootOfSid() {
        Programs.needContainers();
        try {
            return DebianRoot.of("sid", Files.readAllLines(SID).toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** containerd 1.7; as {@link #sid}. */
    public static DebianMachine trixie(Path scratch) {
        Programs.needContainers();
        return enter(DebianRoot.of("trixie", TRIXIE), scratch);
    }

    /** What is installed on this host, for tests of what would change the host otherwise; as {@link #sid}. */
    public static DebianMachine likeThisHost(Path scratch, String... programs) {
        Programs.need(programs);
        return enter(Path.of("/"), scratch);
    }

    private static DebianMachine enter(Path root, Path scratch) {
        return enter(root, scratch, NAMESPACES, OWN_RUN);
    }

    private static DebianMachine enter(Path root, Path scratch, List<String> kinds, String run) {
        Programs.needContainers();
        Programs.need("unshare", "nsenter", "ip");
        List<String> options = new ArrayList<>(kinds);
        options.addAll(List.of("--propagation", "private"));
        return new DebianMachine(
                Unshared.executing(options, SCRIPT, root.toString(), JRUN_HOME.toString(), scratch.toString(), run),
                kinds);
    }

    @Override
    public ProcessBuilder command(List<String> words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(namespaces.pid())));
        command.addAll(kinds);
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
