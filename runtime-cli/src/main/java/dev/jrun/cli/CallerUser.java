// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whose call it is: the owner of the shim's /proc directory is its effective user, proc(5). */
final class CallerUser {

    private CallerUser() {}

    static int uid(Call call) {
        return attribute(call, "unix:uid");
    }

    static int gid(Call call) {
        return attribute(call, "unix:gid");
    }

    private static int attribute(Call call, String name) {
        try {
            return (int) Files.getAttribute(Path.of("/proc", Integer.toString(call.pid())), name);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out whose process " + call.pid() + " is", e);
        }
    }
}
