// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The documents of the module spec-fixtures. */
public final class Fixtures {
    private Fixtures() {}

    public static byte[] bytes(String path) {
        try (var stream = Fixtures.class.getResourceAsStream("/fixtures/" + path)) {
            if (stream == null) {
                throw new IllegalArgumentException("no fixture " + path);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String path) {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    /** The paths of the JSON documents in a directory. */
    public static List<String> documents(String directory) {
        URL url = Fixtures.class.getResource("/fixtures/" + directory);
        try {
            URI uri = url.toURI();
            if (uri.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                    return documents(directory, jar.getPath("/fixtures", directory));
                }
            }
            return documents(directory, Path.of(uri));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> documents(String directory, Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> directory + "/" + file.getFileName())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
