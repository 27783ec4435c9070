// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.Call;
import dev.jrun.kernel.call.EffectiveUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whose calls they are: the owner of a process's /proc directory is its effective user, proc(5). */
public final class CallerUser {

    private CallerUser() {}

    /** The same for all calls: an engine serves its own user only. */
    public static int uid() {
        return EffectiveUser.uid();
    }

    public static int gid(Call call) {
        return attribute(Integer.toString(call.pid()), "unix:gid");
    }

    private static int attribute(String process, String name) {
        try {
            return (int) Files.getAttribute(Path.of("/proc", process), name);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out whose process " + process + " is", e);
        }
    }
}
