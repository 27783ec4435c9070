// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.Call;

/** Paths as a caller writes them: relative to the directory that it is in. */
final class CallerPath {

    private CallerPath() {}

    /**
     * {@code path} as an absolute one. Symbolic links and ".." stay as they are: only the kernel knows what they mean.
     *
     * @throws CommandException if the path is relative to a directory that is gone
     */
    static String absolute(String path, Call call) throws CommandException {
        if (path.startsWith("/")) {
            return path;
        }
        if (!call.directory().startsWith("/")) {
            throw new CommandException(path + ": the current directory does not exist any more");
        }
        return call.directory().equals("/") ? "/" + path : call.directory() + "/" + path;
    }
}
