// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** The Java runtime that jrun brings along: what the JDK that runs this has, without the modules jrun does not use. */
final class RuntimeImage {
    /**
     * Modules that libraries refer to in classes that jrun never loads: Jackson's bindings for {@code java.beans}, SQL
     * dates and DOM, logback's XML configuration and JNDI, jnr-posix's fallback without a native library.
     */
    private static final Set<String> NEVER_LOADED =
            Set.of("java.desktop", "java.management", "java.naming", "java.sql", "java.xml");

    private RuntimeImage() {}

    /**
     * Links a runtime.
     *
     * @param jar the application, whose classes say which modules are needed
     * @param directory where to put it; must not exist
     */
    static void link(Path jar, Path directory) {
        run(
                "jlink",
                "--add-modules=" + String.join(",", modules(jar)),
                "--output=" + directory,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                // Uncompressed: classes that are not in the AOT cache are read in place.
                "--compress=zip-0",
                "--vm=server",
                "--exclude-files=**.jsa,**/bin/keytool,**/bin/rmiregistry");
    }

    private static Set<String> modules(Path jar) {
        String release = String.valueOf(Runtime.version().feature());
        String found =
                run("jdeps", "--list-deps", "--ignore-missing-deps", "--multi-release=" + release, jar.toString());
        // A line is a module, or a module and one of its packages.
        var modules = found.lines()
                .map(line -> line.strip().replaceFirst("/.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        modules.removeAll(NEVER_LOADED);
        return modules;
    }

    private static String run(String name, String... arguments) {
        ToolProvider tool = ToolProvider.findFirst(name).orElseThrow(() -> new IllegalStateException("no " + name));
        var output = new StringWriter();
        var errors = new StringWriter();
        int code = tool.run(new PrintWriter(output), new PrintWriter(errors), arguments);
        if (code != 0) {
            throw new IllegalStateException(
                    name + " " + Arrays.toString(arguments) + " ended with " + code + ": " + output + errors);
        }
        return output.toString();
    }
}
