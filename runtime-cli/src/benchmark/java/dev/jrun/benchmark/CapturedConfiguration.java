// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration that an engine wrote, as it is but for what this machine or the benchmark lacks: its places are the
 * benchmark's, its namespaces are new ones, the runtime chooses the cgroup, and the limits that need a controller are
 * left out.
 *
 * @param engine whose it is, for people
 * @param document its file in spec-fixtures
 */
record CapturedConfiguration(String name, String engine, String document) {
    private static final Path DOCUMENTS = Path.of("spec-fixtures/src/main/resources/fixtures/captured");

    /** What {@code docker run}, {@code podman run}, {@code ctr run} and a pod's container are without options. */
    static final List<CapturedConfiguration> USUAL = List.of(
            new CapturedConfiguration("docker", "Docker's", "docker-28.5-bridge.json"),
            new CapturedConfiguration("podman", "Podman's", "podman-5.8-v2-run.json"),
            new CapturedConfiguration("ctr", "containerd's", "containerd-2.1-run.json"),
            new CapturedConfiguration("cri", "Kubernetes'", "cri-2.1-container.json"));

    /** Makes a bundle of it beside the others, whose process is this one. */
    Bundle bundle(Path work, Bundle.Devices devices, String... arguments) throws IOException {
        Bundle bundle = new Bundle(Files.createDirectories(work.resolve(name)), List.of(arguments));
        ObjectMapper json = new ObjectMapper();
        ObjectNode config =
                (ObjectNode) json.readTree(DOCUMENTS.resolve(document).toFile());
        config.put("ociVersion", "1.0.2"); // crun takes no newer one than it knows
        config.remove("hooks");
        config.withObject("/root").put("path", bundle.rootFilesystem().toString());
        replaceProcess(config.withObject("/process"), bundle.arguments());
        for (JsonNode mount : config.withArray("/mounts")) {
            if (mount.path("source").asText().startsWith("files/")) {
                ((ObjectNode) mount).put("source", source(bundle, mount).toString());
            }
        }
        replaceLinux(config.withObject("/linux"), devices);
        json.writerWithDefaultPrettyPrinter()
                .writeValue(bundle.directory().resolve("config.json").toFile(), config);
        return bundle;
    }

    private static void replaceProcess(ObjectNode process, List<String> arguments) {
        process.put("terminal", false);
        process.remove(List.of("consoleSize", "apparmorProfile", "selinuxLabel", "oomScoreAdj", "rlimits"));
        arguments.forEach(process.putArray("args")::add);
    }

    private static void replaceLinux(ObjectNode linux, Bundle.Devices devices) {
        linux.remove("cgroupsPath");
        linux.withArray("/namespaces").forEach(namespace -> ((ObjectNode) namespace).remove("path"));
        ObjectNode resources = (ObjectNode) linux.remove("resources");
        if (devices == Bundle.Devices.RESTRICTED) {
            linux.putObject("resources").set("devices", resources.path("devices"));
        }
    }

    /** A file, or a directory where engines mount one. */
    private static Path source(Bundle bundle, JsonNode mount) throws IOException {
        Path source = bundle.directory().resolve(mount.get("source").asText());
        Files.createDirectories(source.getParent());
        String name = source.getFileName().toString();
        boolean isDirectory = List.of("shm", "empty-dir", "serviceaccount").contains(name);
        return isDirectory ? Files.createDirectories(source) : Files.writeString(source, name);
    }
}
