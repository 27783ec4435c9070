// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.Call;
import dev.jrun.json.Printable;
import dev.jrun.kernel.call.ByteText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Paths as a caller writes them: relative to the directory that it is in. */
public final class CallerPath {

    private CallerPath() {}

    /**
     * Makes sure that the engine can name what is meant: two names that differ in bytes that are not UTF-8 would be one
     * to it.
     *
     * @throws CommandException that shows which is none
     */
    public static void checkAreUtf8(List<String> arguments) throws CommandException {
        for (String argument : arguments) {
            checkIsUtf8("argument", argument);
        }
    }

    /** The same of one {@code text}. */
    static void checkIsUtf8(String what, String text) throws CommandException {
        if (!ByteText.isUtf8(text)) {
            throw new CommandException("the " + what + " is not UTF-8: \"" + Printable.ofLines(text) + '"');
        }
    }

    /** What {@code option} names, absolute; an empty path is as good as none, as with runc. */
    public static Optional<Path> named(String option, Invocation invocation) throws CommandException {
        String path = invocation.option(option, "");
        return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(absolute(path, invocation.call())));
    }

    /**
     * {@code path} as an absolute one. Symbolic links and ".." stay as they are: only the kernel knows what they mean.
     *
     * @throws CommandException if the path is relative to a directory that is gone
     */
    public static String absolute(String path, Call call) throws CommandException {
        if (path.startsWith("/")) {
            return path;
        }
        checkIsUtf8("current directory", call.directory());
        if (!call.directory().startsWith("/")) {
            throw new CommandException(path + ": the current directory does not exist any more");
        }
        return call.directory().equals("/") ? "/" + path : call.directory() + "/" + path;
    }
}
