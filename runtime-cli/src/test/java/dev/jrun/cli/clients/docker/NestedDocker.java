// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The same version of Docker in a container, with the programs of the machine, and with jrun. */
record NestedDocker(DockerDaemon outer) {

    private static final String NAME = "nested";

    /** An image that has nothing but links to a machine's programs. */
    private static final String IMAGE = "links";

    /**
     * Process 1 reaps orphans while it waits, and dockerd ends its containers before it ends. A cgroup of version 2
     * that has processes cannot hand its controllers down, cgroups(7).
     */
    private static final String SCRIPT = """
            if cd /sys/fs/cgroup && [ -e cgroup.controllers ]; then
                mkdir init
                echo $$ > init/cgroup.procs
                sed 's/[^ ]*/+&/g' cgroup.controllers > cgroup.subtree_control
            fi
            dockerd --storage-driver=vfs --config-file=%s/daemon.json --exec-opt=native.cgroupdriver=cgroupfs \
                --bip=172.29.0.1/24 --default-ulimit=nofile=1024:1024 &
            trap "kill $!" TERM
            wait
            wait
            """;

    static NestedDocker startedBy(String runtime, DockerDaemon outer) throws IOException {
        var nested = new NestedDocker(outer);
        Path archive = nested.archiveOfLinks();
        outer.docker("import", archive.toString(), IMAGE).succeeds();
        List<String> words = new ArrayList<>(List.of("run", "--detach", "--privileged", "--runtime=" + runtime));
        words.addAll(List.of("--name=" + NAME, "--volume=/var/lib/docker", "--tmpfs=/run:exec"));
        words.addAll(nested.machine());
        words.addAll(List.of(IMAGE, "sh", "-c", SCRIPT.formatted(outer.directory())));
        outer.docker(words.toArray(String[]::new)).succeeds();
        Eventually.isTrueWithin(
                Duration.ofMinutes(1),
                "dockerd answers in its container",
                () -> nested.docker("version").code() == 0);
        nested.docker("import", archive.toString(), IMAGE).succeeds();
        nested.docker("import", outer.archive().toString(), DockerDaemon.IMAGE).succeeds();
        return nested;
    }

    /** Directories, and the links of a system whose programs and libraries are all in /usr. */
    private Path archiveOfLinks() throws IOException {
        Programs.skipUnless(Files.isSymbolicLink(Path.of("/bin")), "programs are not in /usr alone");
        Path root = outer.directory().resolve(IMAGE);
        for (String name : List.of("etc", "usr", "proc", "sys", "dev", "run", "tmp", "var/lib/docker")) {
            Files.createDirectories(root.resolve(name));
        }
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
        }
        Path archive = outer.directory().resolve(IMAGE + ".tar");
        Programs.run("tar", "-C", root.toString(), "-cf", archive.toString(), ".");
        return archive;
    }

    /** Options that give a container what the machine has. */
    private List<String> machine() {
        return List.of(
                "--volume=/usr:/usr:ro",
                "--volume=/etc:/etc",
                "--volume=" + Machine.JRUN_HOME + ":" + Machine.JRUN_HOME + ":ro",
                "--volume=" + outer.directory() + ":" + outer.directory());
    }

    Execution docker(String... words) {
        return execute(Words.of(new String[] {"docker"}, words));
    }

    /** Executes a command beside the daemon. */
    Execution execute(String... words) {
        return outer.docker(Words.of(new String[] {"exec", NAME}, words));
    }

    /** Runs a command in a container of the nested daemon, with all rights and the machine's programs. */
    Execution executeDeeper(String... words) {
        List<String> all =
                new ArrayList<>(List.of("run", "--rm", "--privileged", "--runtime=jrun", "--tmpfs=/run:exec"));
        all.addAll(machine());
        all.add(IMAGE);
        all.addAll(List.of(words));
        return docker(all.toArray(String[]::new));
    }

    /** As systemctl would. */
    void stop() {
        outer.docker("stop", NAME).succeeds();
    }
}
