// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Then;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds both definitions of the format's numbers together: {@link Format} and the shim's {@code program.h}. */
class FormatTest {

    private static final Pattern DEFINE =
            Pattern.compile("^#define ([A-Z_]+) (0[xX][0-9a-fA-F]+|[0-9]+)\\b.*$", Pattern.MULTILINE);

    /** Limits that the shim sets itself, and that no program can exceed by the way it is written. */
    private static final Set<String> SHIM_ONLY = Set.of("MAX_STEPS", "MAX_RETRIES", "MAX_ERRNO", "OPERANDS");

    private static Map<String, Long> header() throws IOException {
        Path file = Path.of(System.getProperty("basedir", "."), "../native-shim/src/program.h");
        Map<String, Long> numbers = new TreeMap<>();
        Matcher matcher = DEFINE.matcher(Files.readString(file));
        while (matcher.find()) {
            numbers.put(matcher.group(1), Long.decode(matcher.group(2)));
        }
        return numbers;
    }

    private static Map<String, Long> constants(Class<?> holder, String prefix) throws ReflectiveOperationException {
        Map<String, Long> numbers = new TreeMap<>();
        for (Field field : holder.getDeclaredFields()) {
            boolean isConstant = Modifier.isStatic(field.getModifiers()) && field.getType() == int.class;
            if (isConstant && field.trySetAccessible()) {
                numbers.put(prefix + field.getName(), Integer.toUnsignedLong(field.getInt(null)));
            }
        }
        return numbers;
    }

    /** Everything that the Java side has, by the header's names. */
    private static Map<String, Long> java() throws ReflectiveOperationException {
        Map<String, Long> numbers = constants(Format.class, "");
        Class<?> frames = Class.forName("dev.jrun.engine.Frames");
        numbers.put("MAX_FRAME", constants(frames, "").get("MAX_LENGTH"));
        numbers.put("FRAME_HEADER_SIZE", constants(frames, "").get("HEADER"));
        for (String type :
                Set.of("CALL", "READY", "YIELDED", "FAILED", "FINISHED", "PROGRAM", "GO", "REFUSED", "STAYS")) {
            numbers.put("FRAME_" + type, constants(frames, "").get(type));
        }
        numbers.put(
                "FORMAT_VERSION",
                constants(Class.forName("dev.jrun.engine.Call"), "").get("FORMAT_VERSION"));
        addOrdinals(numbers, "ALU_", Operation.values());
        addOrdinals(numbers, "BRANCH_", Condition.values());
        addOrdinals(numbers, "YIELD_", Then.values());
        numbers.put("REGISTER_IGNORED", (long) Register.IGNORED_SIGNALS.number());
        numbers.put("REGISTER_ENVIRONMENT", (long) Register.ENVIRONMENT.number());
        numbers.put("REGISTER_ENGINE", (long) Register.ENGINE.number());
        numbers.put("REGISTER_CHANNEL", (long) Register.SESSION.number());
        numbers.put("REGISTER_FAILED_INSTRUCTION", (long) Register.FAILED_INSTRUCTION.number());
        numbers.put("REGISTER_FAILED_ERRNO", (long) Register.FAILED_ERRNO.number());
        return numbers;
    }

    private static void addOrdinals(Map<String, Long> numbers, String prefix, Enum<?>[] values) {
        for (Enum<?> value : values) {
            numbers.put(prefix + value.name(), (long) value.ordinal());
        }
    }

    @Test
    void theHeaderHasEveryNumberOfTheJavaSide() throws Exception {
        Map<String, Long> expected = java();
        Map<String, Long> found = header();
        found.keySet().retainAll(expected.keySet());
        assertEquals(expected, found);
    }

    @Test
    void theJavaSideHasEveryNumberOfTheHeader() throws Exception {
        Set<String> unknown = new TreeSet<>(header().keySet());
        unknown.removeAll(java().keySet());
        assertEquals(new TreeSet<>(SHIM_ONLY), unknown);
    }
}
