// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Containers that share namespaces, and what makes several of them at once. */
abstract class PodmanPodTests extends PodmanTests {

    private static final String NAMESPACES = "for n in net pid ipc uts mnt; do readlink /proc/self/ns/$n; done";

    /**
     * What Kubernetes' users write. Podman 4.3 removes an init container that is to run once so early that it may not
     * have ended.
     */
    private static final String KUBE = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: kube
              annotations: {io.podman.annotations.init.container.type: always}
            spec:
              restartPolicy: POLICY
              shareProcessNamespace: true
              hostname: kube
              initContainers:
              - name: first
                image: IMAGE
                imagePullPolicy: Never
                command: [sh, -c, "echo made before > /shared/file"]
                volumeMounts: [{name: shared, mountPath: /shared}]
              containers:
              - name: main
                image: IMAGE
                imagePullPolicy: Never
                command: [sleep, "1000"]
                resources: {limits: {memory: 64Mi, cpu: 500m}}
                securityContext:
                  readOnlyRootFilesystem: true
                  runAsUser: 1000
                  allowPrivilegeEscalation: false
                  capabilities: {drop: [ALL]}
                volumeMounts: [{name: shared, mountPath: /shared}]
              - name: side
                image: IMAGE
                imagePullPolicy: Never
                command: [sh, -c, "echo side of $A; exec sleep 1001"]
                env: [{name: A, value: b}]
              volumes: [{name: shared, emptyDir: {}}]
            """.replace("IMAGE", IMAGE);

    /** Of the pod that is played; this is the default. */
    String restartPolicy() {
        return "Always";
    }

    @Test
    void containersOfAPodShareNamespaces() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.podman("pod", "create", "--name=p", "--network=none", "--share=ipc,net,uts,pid", "--hostname=h");
            session.podman(
                    "run",
                    "--detach",
                    "--pod=p",
                    "--name=one",
                    IMAGE,
                    "sh",
                    "-c",
                    "mkdir /dev/shm/of-one; exec sleep 1000");
            session.podman("run", "--detach", "--pod=p", "--name=two", IMAGE, "sleep", "1001");
            session.awaits("of-one", "exec", "two", "ls", "/dev/shm");
            session.podman("exec", "two", "sh", "-c", "hostname; ps -o args | grep -v -E 'ps|grep|catatonit|exe'");
            assertShared(session);
            session.podman("pod", "inspect", "--format", "{{.State}} {{.NumContainers}}", "p");
            Eventually.isTrue(
                    "all are measured",
                    () -> session.quietly("pod", "stats", "--no-stream", "--format={{.PIDS}}", "p")
                                    .output()
                                    .lines()
                                    .filter("1"::equals)
                                    .count()
                            == 3);
            session.podman("pod", "pause", "p");
            session.podman("pod", "ps", "--format", "{{.Name}} {{.Status}}");
            session.podman("pod", "unpause", "p");
            // They all end with the first process of their namespace, which may be before each is killed.
            session.quietly("pod", "stop", "--time=0", "p").succeeds();
            session.podman("ps", "--format", "{{.Names}}");
            session.podman("pod", "start", "p");
            session.podman("exec", "two", "echo", "again");
            session.quietly("pod", "rm", "--force", "--time=0", "p").succeeds();
            session.podman("ps", "--all", "--quiet");
        });
        assertTrue(seen.contains("h\nCOMMAND\nsleep 1000\nsleep 1001\n-> 0\n"), seen);
        assertTrue(seen.contains("\nRunning 3\n"), seen);
        assertTrue(seen.contains("\np Paused\n"), seen);
        assertTrue(seen.contains("\nagain\n"), seen);
    }

    /** All but the mount namespace. */
    private static void assertShared(PodmanSession session) {
        String one = session.quietly("exec", "one", "sh", "-c", NAMESPACES)
                .succeeds()
                .output();
        String two = session.quietly("exec", "two", "sh", "-c", NAMESPACES)
                .succeeds()
                .output();
        String shared = one.substring(0, one.indexOf("mnt:"));
        assertTrue(two.startsWith(shared) && !two.equals(one), () -> one + two);
    }

    @Test
    void containersShareOneNamespaceOfAnother() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.run(
                    "--detach",
                    "--name=first",
                    "--ipc=shareable",
                    IMAGE,
                    "sh",
                    "-c",
                    "touch /dev/shm/here; exec sleep 1000");
            session.podman(
                    "run",
                    "--rm",
                    "--network=container:first",
                    "--pid=container:first",
                    "--ipc=container:first",
                    IMAGE,
                    "sh",
                    "-c",
                    "ps -o args | grep sleep | grep -v grep; ls /dev/shm");
            session.podman("rm", "--force", "--time=0", "first");
        });
        assertTrue(seen.contains("sleep 1000\nhere\n"), seen);
    }

    @Test
    void initContainersRunFirst() throws IOException {
        Path shared = Files.createDirectory(scratch.resolve("shared"));
        String seen = sameAsWithRunc(session -> {
            session.podman("pod", "create", "--name=p", "--network=none", "--volume=" + shared + ":/shared");
            session.podman(
                    "create",
                    "--pod=p",
                    "--init-ctr=always",
                    "--name=first",
                    IMAGE,
                    "sh",
                    "-c",
                    "echo first >> /shared/file");
            session.podman(
                    "create",
                    "--pod=p",
                    "--name=main",
                    IMAGE,
                    "sh",
                    "-c",
                    "echo main >> /shared/file; exec sleep 1000");
            session.podman("pod", "start", "p");
            session.awaits("first\nmain", "exec", "main", "cat", "/shared/file");
            session.podman("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", "first");
            session.podman("pod", "stop", "--time=0", "p");
            session.podman("pod", "start", "p");
            session.awaits("first\nmain\nfirst\nmain", "exec", "main", "cat", "/shared/file");
            session.podman("pod", "rm", "--force", "--time=0", "p");
            Files.delete(shared.resolve("file"));
        });
        assertTrue(seen.contains("\nexited 0\n"), seen);
    }

    @Test
    void kubePlaysPods() throws IOException {
        Path pod = Files.writeString(scratch.resolve("pod.yaml"), KUBE.replace("POLICY", restartPolicy()));
        String seen = sameAsWithRunc(session -> {
            session.quietly("kube", "play", "--network=none", pod.toString()).succeeds();
            session.podman("exec", "kube-main", "sh", "-c", """
                    cat /shared/file; hostname; id -u; grep -E '^(CapPrm|CapBnd|NoNewPrivs)' /proc/self/status; touch /x
                    cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2> /dev/null
                    ps -o args | grep sleep | grep -v grep | sort""");
            session.awaits("side of b", "logs", "kube-side");
            session.podman("pod", "ps", "--format", "{{.Name}} {{.Status}}");
            session.quietly("kube", "down", pod.toString()).succeeds();
            session.podman("ps", "--all", "--quiet");
            session.podman("volume", "ls", "--quiet");
        });
        assertTrue(
                seen.contains(
                        "made before\nkube\n1000\nCapPrm:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n67108864\nsleep 1000\nsleep 1001\n"),
                seen);
        assertTrue(seen.contains("touch: /x: Read-only file system\n"), seen);
        assertTrue(seen.contains("\nkube Running\n"), seen);
    }
}
