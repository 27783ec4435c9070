// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers that the kernel's headers on this machine define. */
final class Headers {

    private static final Pattern DEFINE = Pattern.compile(
            "^\\s*#\\s*define\\s+(\\w+)\\s+\\(?((?:0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*)(?:\\s*<<\\s*([0-9]+))?\\)?\\s*(?:/[*/].*)?$",
            Pattern.MULTILINE);

    private Headers() {}

    /** The plain numbers of a header; skips the test if this machine has none. */
    static Map<String, Long> numbers(String header) throws IOException {
        Path file = Path.of("/usr/include").resolve(header);
        assumeTrue(Files.isReadable(file), file + " is not installed");
        Map<String, Long> numbers = new HashMap<>();
        Matcher matcher = DEFINE.matcher(Files.readString(file));
        while (matcher.find()) {
            long number = parse(matcher.group(2).replaceAll("[uUlL]+$", ""));
            int shift = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
            // Where a header defines a name again, it is for another machine.
            numbers.putIfAbsent(matcher.group(1), number << shift);
        }
        return numbers;
    }

    private static long parse(String text) {
        return text.startsWith("0x") || text.startsWith("0X")
                ? Long.parseUnsignedLong(text.substring(2), 16)
                : text.length() > 1 && text.startsWith("0") ? Long.parseLong(text, 8) : Long.parseLong(text);
    }
}
