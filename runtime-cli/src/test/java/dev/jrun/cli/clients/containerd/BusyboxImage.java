// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An archive with an image of busybox, in the layout that the image specification says: image-layout.md. */
final class BusyboxImage {

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String PREFIX = "application/vnd.oci.image.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path layout;

    private BusyboxImage(Path layout) {
        this.layout = layout;
    }

    /**
     * Makes one below {@code directory}.
     *
     * @param command what its containers run if nobody says
     * @return the archive
     */
    static Path archive(Path directory, String... command) {
        try {
            return new BusyboxImage(Files.createDirectories(directory.resolve("layout")))
                    .write(directory, List.of(command));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(Path directory, List<String> command) throws IOException {
        Path layer = directory.resolve("layer.tar");
        archive(root(directory.resolve("root")), layer);
        byte[] content = Files.readAllBytes(layer);
        Map<String, Object> layerEntry = blob("layer.v1.tar", content);
        Map<String, Object> config = blob(
                "config.v1+json",
                Map.of(
                        "architecture", architecture(),
                        "os", "linux",
                        "config", Map.of("Cmd", command, "Env", List.of("PATH=/bin")),
                        "rootfs", Map.of("type", "layers", "diff_ids", List.of(layerEntry.get("digest")))));
        Map<String, Object> manifest = blob(
                "manifest.v1+json",
                Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        PREFIX + "manifest.v1+json",
                        "config",
                        config,
                        "layers",
                        List.of(layerEntry)));
        JSON.writeValue(
                layout.resolve("index.json").toFile(), Map.of("schemaVersion", 2, "manifests", List.of(manifest)));
        JSON.writeValue(layout.resolve("oci-layout").toFile(), Map.of("imageLayoutVersion", "1.0.0"));
        Path archive = directory.resolve("image.tar");
        archive(layout, archive);
        return archive;
    }

    /** A static busybox, and a link to it under the name of each of its commands. */
    private static Path root(Path root) throws IOException {
        Path commands = Files.createDirectories(root.resolve("bin"));
        Files.copy(BUSYBOX, commands.resolve("busybox"));
        for (String name : Programs.run(BUSYBOX.toString(), "--list").lines()) {
            if (!name.equals("busybox")) {
                Files.createSymbolicLink(commands.resolve(name), Path.of("busybox"));
            }
        }
        for (String name : List.of("etc", "proc", "sys", "dev", "tmp", "root")) {
            Files.createDirectory(root.resolve(name));
        }
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n");
        return root;
    }

    private static void archive(Path directory, Path archive) {
        Programs.run("tar", "--owner=0", "--group=0", "-C", directory.toString(), "-cf", archive.toString(), ".");
    }

    /** As Go calls it. */
    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }

    private Map<String, Object> blob(String type, Map<String, Object> content) throws IOException {
        return blob(type, JSON.writeValueAsBytes(content));
    }

    /** What refers to it: descriptor.md. */
    private Map<String, Object> blob(String type, byte[] content) throws IOException {
        String digest = sha256(content);
        Files.write(Files.createDirectories(layout.resolve("blobs/sha256")).resolve(digest), content);
        return Map.of("mediaType", PREFIX + type, "digest", "sha256:" + digest, "size", content.length);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
