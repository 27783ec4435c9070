// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.captured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.Sandbox;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A configuration that a real client wrote, with what it expects to be there: a root file system of busybox, the
 * sources of its bind mounts, its hooks, and the network namespace that it joins. Its cgroup is below one of the test's
 * own; a terminal is left out.
 */
final class CapturedConfig implements AutoCloseable {

    static final String ADDRESS = "10.255.7.9";

    private static final String PARENT = "jrun-it-captured";

    /** The namespaces that configurations join, by their names in /proc/PID/ns. */
    private static final Map<String, String> JOINED = Map.of(
            "net", "/run/netns/FIXTURE",
            "ipc", "/run/ipcns/FIXTURE",
            "uts", "/run/utsns/FIXTURE",
            "pid", "/run/pidns/FIXTURE",
            "user", "/run/userns/FIXTURE");

    private static final long FIRST_MAPPED = 100_000;

    private static final Set<String> DIRECTORIES =
            Set.of("shm", "vol", "serviceaccount", "empty-dir", "shared-dir", "volume", "cache", "secrets");

    /** They get the container's program behind {@code --}. */
    private static final Set<String> INITS = Set.of("docker-init", "catatonit");

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

    /**
     * What reads the container's state and tells the test which network namespace init is in, as libnetwork's hook
     * does.
     */
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
    private final Optional<Unshared> joined;

    private CapturedConfig(Path directory, HostView view, String id, Bundle bundle, Optional<Unshared> joined) {
        this.directory = directory;
        this.view = view;
        this.id = id;
        this.bundle = bundle;
        this.joined = joined;
    }

    static CapturedConfig prepare(Sandbox sandbox, CapturedDocument document) {
        String id = sandbox.newId();
        Path directory = sandbox.directory().resolve("captured-" + id);
        Bundle bundle = Bundle.create(directory);
        String text = adapted(document.text(), directory, id);
        Optional<Unshared> joined = unshare(text, sandbox.view());
        var config =
                new CapturedConfig(directory, sandbox.view(), id, bundle.withConfig(joining(text, joined)), joined);
        try {
            config.furnish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return config;
    }

    private static String adapted(String text, Path directory, String id) {
        return text.replaceAll(
                        "\"cgroupsPath\": *\"(/[^\"]*)/[^\"/]*\"", "\"cgroupsPath\": \"/" + PARENT + "$1/" + id + '"')
                .replace("/usr/bin/true", directory.resolve("hook").toString())
                .replaceAll("=files/", "=" + directory + "/files/")
                .replaceAll("\"terminal\": *true", "\"terminal\": false")
                .replace("ID64", id);
    }

    /**
     * The namespaces that a configuration joins, with a process in them. Those of its user namespace belong to that.
     */
    private static Optional<Unshared> unshare(String config, HostView view) {
        String[] options = JOINED.keySet().stream()
                .filter(kind -> config.contains(JOINED.get(kind)))
                .map(kind -> "--" + kind)
                .toArray(String[]::new);
        if (options.length == 0) {
            return Optional.empty();
        }
        Unshared joined = Unshared.openIn(view, options);
        if (config.contains(JOINED.get("user"))) {
            joined.mapped(FIRST_MAPPED);
        }
        String enter = "nsenter --net=" + joined.file("net") + " ip ";
        Programs.run("sh", "-c", enter + "link set lo up && " + enter + "addr add " + ADDRESS + "/32 dev lo");
        return Optional.of(joined);
    }

    private static String joining(String config, Optional<Unshared> joined) {
        String joining = config;
        for (Map.Entry<String, String> kind : JOINED.entrySet()) {
            if (joined.isPresent()) {
                joining = joining.replace(
                        kind.getValue(), joined.get().file(kind.getKey()).toString());
            }
        }
        return joining;
    }

    private void furnish() throws IOException {
        Files.createFile(input());
        Files.createDirectory(directory.resolve("files"));
        // As in every image.
        Files.setPosixFilePermissions(bundle.rootfs().resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createDirectories(bundle.rootfs().resolve("run"));
        Files.createDirectories(bundle.rootfs().resolve("var/tmp"));
        // What a user namespace maps others to has to find the root file system, too.
        Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (JsonNode mount : bundle.config().at("/mounts")) {
            String source = mount.at("/source").asText();
            if (source.startsWith("files/")) {
                makeSource(source.substring("files/".length()));
            }
            for (JsonNode option : mount.at("/options")) {
                if (option.asText().matches("(lower|upper|work)dir=.*")) {
                    Files.createDirectory(
                            Path.of(option.asText().substring(option.asText().indexOf('=') + 1)));
                }
            }
        }
        if (hasHooks()) {
            executable("hook", HOOK.formatted(hookLog()));
        }
        if (!bundle.config().at("/hooks/startContainer").isMissingNode()) {
            // It is executed in the container.
            bundle.with("/hooks/startContainer/0/path", "\"/bin/true\"");
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
    }

    private void makeSource(String name) throws IOException {
        Path source = directory.resolve("files").resolve(name);
        if (Files.exists(source)) {
            return; // which two mounts have
        }
        if (DIRECTORIES.contains(name)) {
            Files.writeString(Files.createDirectory(source).resolve("f"), "a file of " + name + "\n");
        } else if (INITS.contains(name)) {
            executable("files/" + name, "#!/bin/sh\nshift\n\"$@\"\n");
        } else {
            Files.writeString(
                    source, name + " of " + bundle.rootfs().getParent().getFileName() + "\n");
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

    /** Has a program that would run for long do something else. CRI's sandboxes have no PATH. */
    void endsAtOnce() {
        if (bundle.config().at("/process/args").toString().matches(".*(sleep|httpd).*")) {
            bundle.runs("/bin/sleep", "0");
        }
    }

    /**
     * An empty file for standard input: crun gives what is there to the container's user, be it the host's /dev/null.
     */
    Path input() {
        return directory.resolve("input");
    }

    boolean hasHooks() {
        return bundle.config().has("hooks");
    }

    /** How many hooks are executed while it is created. */
    int hooksOfCreate() {
        return Stream.of("prestart", "createRuntime", "createContainer")
                .mapToInt(stage -> bundle.config().at("/hooks/" + stage).size())
                .sum();
    }

    boolean hasSharedRoot() {
        return bundle.config().at("/linux/rootfsPropagation").asText().contains("shared");
    }

    boolean joinsNetwork() {
        return bundle.config().toString().contains("/ns/net");
    }

    Path hookLog() {
        return directory.resolve("hook.log");
    }

    /**
     * With sources of mounts that are not relative to the bundle, which a runtime to compare with does not always know.
     */
    void hasAbsoluteSources() {
        bundle.withConfig(bundle.config().toString().replace("\"files/", '"' + directory.toString() + "/files/"));
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
        joined.ifPresent(Unshared::close);
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
