// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The one jar that the engine runs from: the project's classes and all its dependencies, merged.
 *
 * <p>Of a multi-release jar the classes for the newest release that this JDK knows are taken, class files that are too
 * old for an AOT cache are renewed ({@link OldClasses}), and entries are stored in order with a fixed time, so that the
 * same input gives the same bytes.
 */
final class ApplicationJar {
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(\\d+)/(.+)");

    private static final String NATIVE_LIBRARY = "libjffi-1.2.so";

    /** 1 January 1980, the earliest time that a zip entry can have. */
    private static final long FIXED_TIME = new GregorianCalendar(1980, 0, 1).getTimeInMillis();

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Map<String, byte[]> licences = new TreeMap<>();

    /**
     * Merges class directories and jars.
     *
     * @throws IOException if one of them cannot be read
     * @throws IllegalStateException if two have an entry of the same name and different contents
     */
    static ApplicationJar merge(List<Path> classPath) throws IOException {
        var jar = new ApplicationJar();
        for (Path part : classPath) {
            if (Files.isDirectory(part)) {
                jar.add(part, part.toString());
            } else {
                try (FileSystem zip = FileSystems.newFileSystem(part)) {
                    jar.add(zip.getPath("/"), part.getFileName().toString());
                }
            }
        }
        new OldClasses(jar.entries).renew();
        return jar;
    }

    /** Writes everything but the native libraries, of which jffi has one for each system and machine. */
    void write(Path file) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (var entry : entries.entrySet()) {
                if (!isNative(entry.getKey())) {
                    put(zip, entry.getKey(), entry.getValue());
                }
            }
        }
    }

    /**
     * Writes jffi's native library for this machine.
     *
     * @throws IllegalStateException if jffi has none
     */
    void writeNativeLibrary(Path directory) throws IOException {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        byte[] library = entries.get("jni/" + machine + "-Linux/" + NATIVE_LIBRARY);
        if (library == null) {
            throw new IllegalStateException("jffi has no " + NATIVE_LIBRARY + " for Linux on " + machine);
        }
        Files.createDirectories(directory);
        Files.write(directory.resolve(NATIVE_LIBRARY), library);
    }

    /** Writes the licences and notices that the merged jars came with, in a directory for each. */
    void writeLicences(Path directory) throws IOException {
        for (var licence : licences.entrySet()) {
            Path file = directory.resolve(licence.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, licence.getValue());
        }
    }

    private void add(Path root, String origin) throws IOException {
        var newest = new TreeMap<String, Integer>();
        List<Path> files;
        try (var walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = root.relativize(file).toString();
            int release = 0;
            var versioned = VERSIONED.matcher(name);
            if (versioned.matches()) {
                release = Integer.parseInt(versioned.group(1));
                name = versioned.group(2);
            }
            if (isLicence(name)) {
                licences.put(origin + "/" + Path.of(name).getFileName(), Files.readAllBytes(file));
            } else if (isWanted(name) && release <= Runtime.version().feature()) {
                Integer before = newest.get(name);
                if (before == null) {
                    newest.put(name, release);
                    add(name, Files.readAllBytes(file), origin);
                } else if (release > before) {
                    newest.put(name, release);
                    entries.put(name, Files.readAllBytes(file));
                }
            }
        }
    }

    private void add(String name, byte[] content, String origin) {
        if (name.startsWith("META-INF/services/")) {
            entries.merge(name, content, ApplicationJar::joinLines);
        } else if (entries.putIfAbsent(name, content) != null) {
            throw new IllegalStateException(origin + ": " + name + " is in an earlier part of the class path, too");
        }
    }

    private static boolean isWanted(String name) {
        return !name.endsWith("module-info.class")
                && (!name.startsWith("META-INF/") || name.startsWith("META-INF/services/"));
    }

    private static boolean isNative(String name) {
        return name.startsWith("jni/");
    }

    private static boolean isLicence(String name) {
        return Pattern.matches("(?i)(META-INF/)?(.*[-.])?(LICEN[CS]E|NOTICE|COPYING)([-.].*)?", name);
    }

    private static byte[] joinLines(byte[] first, byte[] second) {
        var joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.write('\n');
        joined.writeBytes(second);
        return joined.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var checksum = new CRC32();
        checksum.update(content);
        var entry = new ZipEntry(name);
        entry.setTime(FIXED_TIME);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
