// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.Call;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.kernel.call.NamespaceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user whose calls these are: the owner of a process's /proc directory is its effective user, proc(5). */
public final class CallerUser {

    private static final Path RUN = Path.of("/run");

    private CallerUser() {}

    /** The same for all calls: an engine serves its own user only. */
    public static int uid() {
        return EffectiveUser.uid();
    }

    /**
     * Whether {@code /run} is another's, as it is for root of a user namespace that is nobody but a user outside. The
     * shim asks the same (engine.c).
     */
    public static boolean hasNoRun() {
        return !UserNamespace.IS_FIRST && attribute(RUN, "unix:uid") != 0;
    }

    public static int gid(Call call) {
        return attribute(Path.of("/proc/" + call.pid()), "unix:gid");
    }

    private static int attribute(Path file, String name) {
        try {
            return (int) Files.getAttribute(file, name);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out whose " + file + " is", e);
        }
    }

    /** Of this process, and so of all its callers; looked at when it is first asked for. */
    private static final class UserNamespace {
        static final boolean IS_FIRST = isFirst();

        private static boolean isFirst() {
            try {
                return NamespaceFile.isInitialUser(Path.of("/proc/self/ns/user"));
            } catch (IOException unknown) {
                return true;
            }
        }
    }
}
