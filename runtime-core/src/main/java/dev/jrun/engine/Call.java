// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.ByteText;
import dev.jrun.program.SessionBrokenException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a caller asks for, and everything about it that matters. Strings are {@link ByteText}. The engine's own working
 * directory, environment, umask and standard streams mean nothing.
 *
 * @param pid of the shim, in the engine's pid namespace
 * @param umask the file mode bits that the caller's new files lack
 * @param terminals bit n is set if descriptor n (0 to 2) is a terminal
 * @param rows of the first of these terminals, 0 if there is none
 * @param columns of the first of these terminals, 0 if there is none
 * @param home the root directory of the jrun distribution that was called
 * @param build what its build was called
 * @param directory the caller's working directory; empty if it has none any more
 * @param arguments without the program's name
 * @param environment of the caller
 */
public record Call(
        int pid,
        int umask,
        int terminals,
        int rows,
        int columns,
        String home,
        String build,
        String directory,
        List<String> arguments,
        Map<String, String> environment) {

    /** The only version of the payload that there is. */
    static final int FORMAT_VERSION = 1;

    /** The most bytes that a call may have: twice what execve(2) takes by default. */
    static final int MAX_LENGTH = 4 << 20;

    public Call {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableMap(environment);
    }

    /** Whether the caller's descriptor {@code fd} (0 to 2) is a terminal. */
    public boolean isTerminal(int fd) {
        return (terminals & 1 << fd) != 0;
    }

    /**
     * Reads the payload of a CALL frame.
     *
     * @throws SessionBrokenException if it is not one
     */
    static Call decode(byte[] payload) throws SessionBrokenException {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int version = in.getInt();
            if (version != FORMAT_VERSION) {
                throw new SessionBrokenException("a call in format " + version);
            }
            Call call = new Call(
                    in.getInt(),
                    in.getInt(),
                    in.getInt(),
                    in.getInt(),
                    in.getInt(),
                    string(in),
                    string(in),
                    string(in),
                    strings(in),
                    new Variables(in));
            if (in.hasRemaining()) {
                throw new SessionBrokenException("a call with " + in.remaining() + " bytes too many");
            }
            return call;
        } catch (BufferUnderflowException e) {
            throw new SessionBrokenException("a call that ends too early", e);
        }
    }

    private static int length(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    private static String string(ByteBuffer in) {
        int length = length(in);
        String text = ByteText.of(in.array(), in.position(), length);
        in.position(in.position() + length);
        return text;
    }

    private static int count(ByteBuffer in) {
        int count = in.getInt();
        // Each string takes four bytes at least.
        if (count < 0 || count > in.remaining() / Integer.BYTES) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    private static List<String> strings(ByteBuffer in) {
        int count = count(in);
        List<String> strings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            strings.add(string(in));
        }
        return strings;
    }

    /**
     * As getenv(3) sees them: the first of two variables with the same name counts. Most calls want none of them, so
     * they are understood when one is wanted.
     */
    private static final class Variables extends AbstractMap<String, String> {

        private final ByteBuffer bytes;
        private Map<String, String> understood;

        /** @param in where they begin; behind them afterwards */
        Variables(ByteBuffer in) {
            bytes = in.duplicate().order(in.order());
            for (int left = count(in); left > 0; left--) {
                int length = length(in);
                in.position(in.position() + length);
            }
        }

        @Override
        public synchronized Set<Map.Entry<String, String>> entrySet() {
            if (understood == null) {
                understood = understand(strings(bytes));
            }
            return understood.entrySet();
        }

        private static Map<String, String> understand(List<String> strings) {
            Map<String, String> variables = new LinkedHashMap<>(2 * strings.size());
            for (String string : strings) {
                int sign = string.indexOf('=');
                if (sign > 0) {
                    variables.putIfAbsent(string.substring(0, sign), string.substring(sign + 1));
                }
            }
            return variables;
        }
    }
}
