// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents to the code that they send their readers to. */
class DocumentsTest {

    private static final Pattern CLASS = Pattern.compile(
            "`((?:kernel|json|spec|program|seccomp|cgroup|launch|container|engine|cli)(?:/[a-z]+)*/[A-Z]\\w*)");

    private static final List<Path> SOURCES =
            List.of(Path.of("../runtime-core/src/main/java/dev/jrun"), Path.of("src/main/java/dev/jrun"));

    @Test
    void eachClassThatADocumentNamesIsThere() throws IOException {
        List<String> named;
        try (Stream<Path> documents = Files.list(Path.of("../docs"))) {
            named = documents
                    .filter(document -> document.toString().endsWith(".md"))
                    .flatMap(DocumentsTest::classes)
                    .distinct()
                    .toList();
        }
        assertFalse(named.isEmpty());
        assertEquals(List.of(), named.stream().filter(name -> !isThere(name)).toList());
    }

    private static Stream<String> classes(Path document) {
        try {
            return CLASS
                    .matcher(Files.readString(document))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(String name) {
        return SOURCES.stream().anyMatch(source -> Files.exists(source.resolve(name + ".java")));
    }
}
