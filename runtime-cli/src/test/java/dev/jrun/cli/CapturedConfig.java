// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration that a real client wrote, with what it expects to be there: a root file system of busybox, the sources of
 * its bind mounts, its hooks, and the network namespace that it joins. Its cgroup is below one of the test's own; a terminal
 * is left out.
 */
final class CapturedConfig implements AutoCloseable {

    static final String ADDRESS = "10.255.7.9";

    private static final String PARENT = "jrun-it-captured";

    private static final List<String> LIMITS = List.of(
            "memory.limit_in_bytes",
            "memory.memsw.limit_in_bytes",
            "memory.soft_limit_in_bytes",
            "memory.oom_control",
            "memory.swappiness",
            "memory.max",
            "memory.swap.max",
            "cpu.shares",
            "cpu.cfs_quota_us",
            "cpu.cfs_period_us",
            "cpu.max",
            "cpu.weight",
            "cpuset.cpus",
            "cpuset.mems",
            "pids.max",
            "blkio.weight",
            "devices.list");

    /** What reads the container's state and tells the test which network namespace init is in, as libnetwork's hook does. */
    private static final String HOOK = """
            #!/bin/sh
            state=$(cat)
            pid=$(echo "$state" | sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p')
            echo "$@" "$(readlink /proc/$pid/ns/net)" >> %s
            """;

    private final Path directory;
    private final HostView view;
    private final String id;
    private final Bundle bundle;
    private final Path network;

    private CapturedConfig(Path directory, HostView view, String id, Bundle bundle) {
        this.directory = directory;
        this.view = view;
        this.id = id;
        this.bundle = bundle;
        this.network = directory.resolve("network");
    }

    static CapturedConfig prepare(Sandbox sandbox, String name) {
        String id = sandbox.newId();
        Path directory = sandbox.directory().resolve("captured-" + id);
        Bundle bundle = Bundle.create(directory);
        var config = new CapturedConfig(directory, sandbox.view(), id, bundle.withConfig(read(name, directory, id)));
        try {
            config.furnish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return config;
    }

    private static String read(String name, Path directory, String id) {
        try (InputStream content = CapturedConfig.class.getResourceAsStream("/fixtures/captured/" + name + ".json")) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll(
                            "\"cgroupsPath\": *\"(/[^\"]*)/[^\"/]*\"",
                            "\"cgroupsPath\": \"/" + PARENT + "$1/" + id + '"')
                    .replace("/run/netns/FIXTURE", directory.resolve("network").toString())
                    .replace("/usr/bin/true", directory.resolve("hook").toString())
                    .replaceAll("\"terminal\": *true", "\"terminal\": false")
                    .replace("ID64", id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void furnish() throws IOException {
        Files.createFile(input());
        // As in every image.
        Files.setPosixFilePermissions(bundle.rootfs().resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        // What a user namespace maps others to has to find the root file system, too.
        Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (JsonNode mount : bundle.config().at("/mounts")) {
            String source = mount.at("/source").asText();
            if (source.startsWith("files/")) {
                makeSource(source.substring("files/".length()));
            }
        }
        if (bundle.config().has("hooks")) {
            executable("hook", HOOK.formatted(hookLog()));
        }
        JsonNode mapping = bundle.config().at("/linux/uidMappings/0/hostID");
        if (mapping.isNumber()) {
            // As podman does, so that the container's root is the owner of what is in its root file system.
            String owner = mapping.asText() + ":" + mapping.asText();
            Programs.run(
                    "chown",
                    "-R",
                    owner,
                    bundle.rootfs().toString(),
                    directory.resolve("files").toString());
        }
        if (bundle.config().toString().contains(network.toString())) {
            Files.createFile(network);
            Programs.run(seenBy(
                    "unshare",
                    "--net=" + network,
                    "sh",
                    "-c",
                    "ip link set lo up && ip addr add " + ADDRESS + "/32 dev lo"));
        }
    }

    /** A command that sees the host as the runtimes do. */
    private List<String> seenBy(String... words) {
        List<String> command = new ArrayList<>(view.prefix());
        command.addAll(List.of(words));
        return command;
    }

    private void makeSource(String name) throws IOException {
        Files.createDirectories(directory.resolve("files"));
        switch (name) {
            case "shm" -> Files.createDirectory(directory.resolve("files/shm"));
            case "docker-init" -> executable("files/docker-init", "#!/bin/sh\nshift\n\"$@\"\n");
            default ->
                Files.writeString(
                        directory.resolve("files").resolve(name),
                        name + " of " + bundle.rootfs().getParent().getFileName() + "\n");
        }
    }

    private void executable(String path, String script) throws IOException {
        Path file = Files.writeString(directory.resolve(path), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    String id() {
        return id;
    }

    Bundle bundle() {
        return bundle;
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        bundle.config().at("/process/args").forEach(argument -> arguments.add(argument.asText()));
        return arguments;
    }

    /** An empty file for standard input: crun gives what is there to the container's user, be it the host's /dev/null. */
    Path input() {
        return directory.resolve("input");
    }

    boolean hasHooks() {
        return bundle.config().has("hooks");
    }

    boolean joinsNetwork() {
        return Files.exists(network);
    }

    Path hookLog() {
        return directory.resolve("hook.log");
    }

    /** Without limits and device rules, for a comparison with a runtime that cannot set them here. */
    void leaveResources() {
        bundle.without("/linux/resources");
    }

    /** What the container's cgroups on the host say of its limits, by controller and file. */
    Map<String, String> limits() {
        Map<String, String> limits = new TreeMap<>();
        // Cgroups of others come and go meanwhile, which find does not mind.
        Execution found = Execution.of(
                new ProcessBuilder("find", view.cgroups().toString(), "-maxdepth", "8", "-type", "d", "-name", id));
        for (String cgroup : found.lines()) {
            for (String file : LIMITS) {
                Path limit = Path.of(cgroup, file);
                if (Files.exists(limit)) {
                    limits.put(limit.toString(), read(limit));
                }
            }
        }
        return limits;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (Files.exists(network)) {
            Execution.of(new ProcessBuilder(seenBy("umount", network.toString())));
        }
        // Both leave, as runc does, the cgroups above the container's.
        Execution.of(new ProcessBuilder(
                "find",
                view.cgroups().toString(),
                "-depth",
                "-type",
                "d",
                "-path",
                "*/" + PARENT + "*",
                "-exec",
                "rmdir",
                "{}",
                ";"));
    }
}
