// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents to the code that they send their readers to. */
class DocumentsTest {

    private static final Pattern CLASS = Pattern.compile(
            "`((?:kernel|json|spec|program|seccomp|cgroup|launch|container|engine|embedding|cli)(?:/[a-z]+)*/[A-Z]\\w*)");

    /** A file of the repository, or a chapter of one, that a document links to. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");

    /** A file or directory of the repository. What the build makes need not be there. */
    private static final Pattern PATH = Pattern.compile(
            "`((?:scripts|native-shim|runtime-core|runtime-cli|spec-fixtures|docs|\\.ci|\\.github)/(?!target/|build/)[\\w./-]*\\w)");

    private static final Path SHIM = Path.of("../native-shim/src");

    private static final Path REPOSITORY = Path.of("..");

    /** A row of a table cannot be wrapped, nor can what jrun prints. */
    private static final Pattern DOCUMENT = Pattern.compile("(?!\\||config\\.json#).*");

    /** The whole line, or from where code ends. An address in an attribute of a link cannot be wrapped. */
    private static final Pattern COMMENT = Pattern.compile("(\\s*(\\*|/\\*\\*|//|#|<!--) (?!\\s*href=).*|.*; // .*)");

    private static final List<Path> SOURCES =
            List.of(Path.of("../runtime-core/src/main/java/dev/jrun"), Path.of("src/main/java/dev/jrun"));

    @Test
    void eachClassThatADocumentNamesIsThere() throws IOException {
        List<String> named =
                documents().stream().flatMap(DocumentsTest::classes).distinct().toList();
        assertFalse(named.isEmpty());
        assertEquals(List.of(), named.stream().filter(name -> !isThere(name)).toList());
    }

    @Test
    void eachPathThatADocumentNamesIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path document : documents()) {
            PATH.matcher(Files.readString(document))
                    .results()
                    .map(path -> path.group(1))
                    .filter(path -> !Files.exists(REPOSITORY.resolve(path)))
                    .map(path -> document + ": " + path)
                    .forEach(missing::add);
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void eachLinkLeadsToAFileAndAChapter() throws IOException {
        List<String> dangling = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(document)).results().toList()) {
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                if (!Files.exists(target)
                        || link.group(2) != null && !chapters(target).contains(link.group(2))) {
                    dangling.add(document + ": " + link.group());
                }
            }
        }
        assertEquals(List.of(), dangling);
    }

    @Test
    void eachFileOfTheShimIsInTheArchitectureAndEachOneThereIsInTheShim() throws IOException {
        List<String> told = Pattern.compile("(?m)^\\| `(\\w+\\.c)` \\|")
                .matcher(Files.readString(Path.of("../docs/architecture.md")))
                .results()
                .map(file -> file.group(1))
                .sorted()
                .toList();
        try (Stream<Path> files = Files.list(SHIM)) {
            List<String> there = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".c"))
                    .sorted()
                    .toList();
            assertEquals(there, told);
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> documents = Files.list(Path.of("../docs"))) {
            return Stream.concat(
                            documents.filter(document -> document.toString().endsWith(".md")),
                            Stream.of(Path.of("../README.md"), Path.of("../CONTRIBUTING.md")))
                    .toList();
        }
    }

    /** As what links call the chapters of a document: in lower case, "-" for each space, without punctuation. */
    private static List<String> chapters(Path document) throws IOException {
        return Files.readAllLines(document).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", ""))
                .map(title -> title.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** Java's comments are wrapped by the formatter; what it leaves as it is, and all the rest, is looked at here. */
    @Test
    void noDocumentAndNoCommentIsWiderThan120Columns() throws IOException {
        List<String> tooWide;
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            tooWide = files.filter(DocumentsTest::isText)
                    .flatMap(DocumentsTest::wideLines)
                    .toList();
        }
        assertEquals(List.of(), tooWide);
    }

    private static boolean isText(Path file) {
        String name = REPOSITORY.relativize(file).toString();
        return Files.isRegularFile(file)
                && !name.contains("target/")
                && !name.contains("build/")
                && (name.startsWith("scripts/") || name.matches(".*\\.(md|java|c|h|sh|args|xml)"));
    }

    private static Stream<String> wideLines(Path file) {
        Pattern prose = file.toString().endsWith(".md") ? DOCUMENT : COMMENT;
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.length() > 120)
                    .filter(line -> prose.matcher(line).matches())
                    .map(line -> file + ": " + line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
